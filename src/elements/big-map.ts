import {
  Map as LibreMap,
  Marker,
  NavigationControl,
  setWorkerUrl,
  type StyleSpecification,
} from 'maplibre-gl'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { flatLand } from '#elements/land.ts'
import { addressOf, pinsFrom, type BigPin } from '#elements/pins.ts'
import { beginOf, type View } from '#elements/view.ts'
import { nudgePins } from '#ui/map/pins.ts'

const here = import.meta.url
const beside = (file: string) => new URL(file, here).href

function colours(element: Element) {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return { sea: token('sea'), land: token('land'), edge: token('land-edge') }
}

async function countries() {
  const answer = await fetch(beside('countries.json'))
  if (!answer.ok) throw new Error(`The countries answered ${answer.status}`)
  const topology = (await answer.json()) as Topology<{ countries: GeometryCollection }>
  return flatLand(feature(topology, topology.objects.countries))
}

/** Loads MapLibre's own stylesheet from beside this file, once. */
function loadStyles(): Promise<void> {
  const href = beside('maplibre-gl.css')
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve()
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = href
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => reject(new Error('The stylesheet of the big map did not come')))
    document.head.append(link)
  })
}

function styleOf(element: Element, data: Awaited<ReturnType<typeof countries>>): StyleSpecification {
  const { sea, land, edge } = colours(element)
  return {
    version: 8,
    sources: { countries: { type: 'geojson', data, tolerance: 0.2 } },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': sea } },
      { id: 'land', type: 'fill', source: 'countries', paint: { 'fill-color': land } },
      { id: 'edge', type: 'line', source: 'countries', paint: { 'line-color': edge, 'line-width': 1.2 } },
    ],
  }
}

function markerOf(pin: BigPin) {
  const link = document.createElement('a')
  link.className = 'map-marker'
  link.href = pin.href
  link.title = pin.title
  link.setAttribute('aria-label', pin.title)
  link.textContent = String(pin.count)
  return new Marker({ element: link }).setLngLat([pin.lon, pin.lat])
}

/** Half the width of a marker, and how far apart their middles are, in pixels. */
const [half, apart] = [24, 46]

/** Moves markers that would cover each other a little apart. */
function spread(map: LibreMap, markers: readonly { marker: Marker; count: number }[]) {
  const { clientWidth, clientHeight } = map.getContainer()
  const stand = markers.map(({ marker, count }) => {
    const { x, y } = map.project(marker.getLngLat())
    return { x, y, from: null, r: half, count, clusters: [] }
  })
  const inside = stand.map(({ x, y }) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight)
  const moved = nudgePins(
    stand.filter((_, at) => inside[at]),
    [apart - 2 * half, apart],
    [clientWidth, clientHeight],
  )
  let next = 0
  for (const [at, { marker }] of markers.entries()) {
    const [from, to] = [stand[at], inside[at] ? moved[next++] : undefined]
    marker.setOffset(from && to ? [to.x - from.x, to.y - from.y] : [0, 0])
  }
}

/** Keeps the pins of the view: asks again after each move, and leaves alone the ones that stay, so that focus is not lost. */
function followPins(
  map: LibreMap,
  source: string,
  { counted, failed }: { counted: (count: number) => void; failed: (error: unknown) => void },
) {
  const shown = new Map<string, { marker: Marker; count: number }>()
  let asking = new AbortController()
  const ask = async () => {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const bounds = map.getBounds()
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()] as const
    const answer = await fetch(addressOf(source, location.href, box, map.getZoom()), { signal })
    if (!answer.ok) throw new Error(`The pins answered ${answer.status}`)
    const pins = new Map(
      pinsFrom(await answer.json(), location.href).map((pin) => [
        [pin.href, pin.lon, pin.lat, pin.count].join(),
        pin,
      ]),
    )
    for (const [key, { marker }] of shown)
      if (!pins.has(key)) {
        marker.remove()
        shown.delete(key)
      }
    for (const [key, pin] of pins)
      if (!shown.has(key)) shown.set(key, { marker: markerOf(pin).addTo(map), count: pin.count })
    spread(map, [...shown.values()])
    counted([...pins.values()].reduce((sum, { count }) => sum + count, 0))
  }
  const follow = () => {
    ask().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) failed(error)
    })
  }
  map.on('moveend', follow)
  follow()
}

/** Opens the big map inside `host`, which keeps its drawn one for when it is closed; rejects when it cannot be brought. */
export async function openBigMap(host: HTMLElement, closed: () => void) {
  setWorkerUrl(beside('maplibre-gl-worker.mjs'))
  const [data] = await Promise.all([countries(), loadStyles()])
  const label = host.getAttribute('label') ?? ''
  const room = document.createElement('div')
  const container = document.createElement('div')
  container.className = 'map-big'
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'button button-secondary'
  close.textContent = host.getAttribute('words-close')
  const said = document.createElement('p')
  said.setAttribute('role', 'status')
  room.append(container, said, close)
  host.prepend(room)
  const view = JSON.parse(host.getAttribute('view') ?? '{"kind":"world"}') as View
  const map = new LibreMap({
    container,
    style: styleOf(container, data),
    ...beginOf(view, container.getBoundingClientRect()),
    minZoom: -2,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    maxZoom: 12,
    locale: {
      'Map.Title': label,
      'NavigationControl.ZoomIn': host.getAttribute('words-zoom-in') ?? '+',
      'NavigationControl.ZoomOut': host.getAttribute('words-zoom-out') ?? '−',
    },
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }))
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const recolour = () => map.setStyle(styleOf(container, data))
  dark.addEventListener('change', recolour)
  const end = () => {
    dark.removeEventListener('change', recolour)
    map.remove()
    room.remove()
    closed()
  }
  close.addEventListener('click', end)
  room.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end()
  })
  followPins(map, host.getAttribute('source') ?? '', {
    counted: (count) => {
      said.textContent = (host.getAttribute('words-inside') ?? '').replace('{count}', String(count))
    },
    failed: (error) => {
      said.textContent = host.getAttribute('words-failed')
      console.error(error)
    },
  })
  map.getCanvas().focus()
}
