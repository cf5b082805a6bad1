import { labelsOn, type Label } from '#ui/map/labels.ts'
import { groundOf, partOfWorld, type Bounds, type Ground, type Viewport } from '#ui/map/land.ts'
import {
  crowdOf,
  mergedPin,
  mergePins,
  nudgePins,
  radiusOf,
  reachesOf,
  type Cluster,
  type Pin,
  type Spacing,
} from '#ui/map/pins.ts'

export type { Bounds, Cluster, Pin, Viewport }

/** What lies on the land. It is drawn in pixels at places in per cent, so that it stays readable on a map of any width. */
export interface Layer {
  pins: readonly (Pin & { reach: number })[]
  names: readonly Label[]
  /** Units of the drawing in a pixel. */
  size: number
}

export interface Panel {
  width: number
  height: number
  land: string
  borders: string
  /** Where the picture of the whole world lies, instead of land. */
  picture: Ground['picture']
  /** For a wide screen, and for a narrow one or for fingers. */
  layers: { wide: Layer; narrow: Layer | null }
  /** A scale: kilometres and its length in the drawing. */
  scale: { km: number; length: number } | null
}

export interface MapDrawing {
  main: Panel
  /** The most crowded part of the world drawn again, larger, if there is one, and where it lies on the world. */
  closer:
    | (Panel & {
        clusters: readonly Cluster[]
        from: { x: number; y: number; width: number; height: number }
      })
    | null
}

type Place = { name: string; lat: number; lon: number }

/** Answers the smallest bounds around places, the short way round the earth. */
export function boundsOf(places: readonly { lat: number; lon: number }[]): Bounds {
  if (places.length === 0) return [-180, -57, 180, 80]
  const lats = places.map(({ lat }) => lat)
  const lons = places.map(({ lon }) => lon).toSorted((one, other) => one - other)
  const first = lons[0] ?? 0
  let widest = { gap: first + 360 - (lons.at(-1) ?? 0), west: first, east: lons.at(-1) ?? 0 }
  for (const [index, west] of lons.entries()) {
    const east = lons[index - 1]
    if (east !== undefined && west - east > widest.gap) widest = { gap: west - east, west, east }
  }
  return [widest.west, Math.min(...lats), widest.east, Math.max(...lats)]
}

function pinsOn({ project, width, height }: Ground, clusters: readonly Cluster[], size: number) {
  return clusters.flatMap((cluster): Pin[] => {
    const at = project(cluster.lon, cluster.lat)
    if (!at || at[0] < 0 || at[1] < 0 || at[0] > width || at[1] > height) return []
    return [
      {
        x: at[0],
        y: at[1],
        from: null,
        r: radiusOf(cluster.count) * size,
        count: cluster.count,
        clusters: [cluster],
      },
    ]
  })
}

/** Lays pins and names on the land for a width in pixels; puts the crowd, which is drawn again larger, into one pin. */
function layerOn(
  ground: Ground,
  {
    clusters,
    crowd = [],
    places = [],
  }: { clusters: readonly Cluster[]; crowd?: readonly Cluster[]; places?: readonly Place[] },
  { width, apart }: Spacing,
): Layer {
  const size = ground.width / width
  const edge = [ground.width, ground.height] as const
  const single = pinsOn(
    ground,
    clusters.filter((cluster) => !crowd.includes(cluster)),
    size,
  )
  const [first, ...more] = pinsOn(ground, crowd, size)
  const together = first ? [more.reduce((pin, next) => mergedPin(pin, next, size), first)] : []
  const merged = mergePins([...together, ...single], size, apart * size)
  const pins = nudgePins(merged, [9 * size, apart * size], edge)
  const reaches = reachesOf(pins, size)
  const named = places.flatMap(({ name, lon, lat }) => {
    const at = ground.project(lon, lat)
    return at ? [{ name, x: at[0], y: at[1] }] : []
  })
  return {
    pins: pins.map((pin, at) => ({ ...pin, reach: reaches[at] ?? pin.r })),
    names: labelsOn(named, pins, size, edge),
    size,
  }
}

function scaleOf({ across, width }: Ground): Panel['scale'] {
  if (across > 5000) return null
  const km = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].findLast((step) => step < across / 5) ?? 1
  return { km, length: (km / across) * width }
}

const landOf = (ground: Ground) => {
  const { width, height, land, borders, picture } = ground
  return { width, height, land, borders, picture, scale: scaleOf(ground) }
}

/* The narrowest that each is seen: on a phone of 320 pixels, in a window of 800, and larger beside the world. */
const phone: Spacing = { width: 290, apart: 48 }
const desktop: Spacing = { width: 560, apart: 34 }
const inset: Spacing = { width: 264, apart: 44 }

/** Drawings are kept as long as the clusters they were drawn of: a page that is rendered again within its seconds has the same. */
const drawn = new WeakMap<readonly Cluster[], { of: unknown[]; drawing: MapDrawing }>()

/** Draws a view of the earth with its pins. `places` are names written on a close view, the most important first. `wide` and `high` are the shape of a close view. */
export function drawMap(
  viewport: Viewport,
  clusters: readonly Cluster[],
  places: readonly Place[] = [],
  shape: readonly [number, number] = [960, 560],
): MapDrawing {
  const known = drawn.get(clusters)
  const of = [viewport, places, ...shape]
  if (known && of.every((one, at) => one === known.of[at])) return known.drawing
  const drawing = draw(viewport, clusters, places, shape)
  drawn.set(clusters, { of, drawing })
  return drawing
}

function draw(
  viewport: Viewport,
  clusters: readonly Cluster[],
  places: readonly Place[],
  [wide, high]: readonly [number, number],
): MapDrawing {
  if (viewport.kind !== 'world') {
    const ground = groundOf(viewport, wide, high)
    const layers = {
      wide: layerOn(ground, { clusters, places }, desktop),
      narrow: layerOn(ground, { clusters, places }, phone),
    }
    return { main: { ...landOf(ground), layers }, closer: null }
  }
  const ground = groundOf(viewport)
  const crowd = crowdOf(pinsOn(ground, clusters, ground.width / desktop.width), [
    ground.width * 0.17,
    ground.height * 0.3,
  ])
  const layers = {
    wide: layerOn(ground, { clusters, crowd }, desktop),
    narrow: layerOn(ground, { clusters, crowd }, phone),
  }
  const main = { ...landOf(ground), layers }
  if (crowd.length === 0) return { main, closer: null }
  const part = partOfWorld(crowd, 380, 330)
  const shrunk = ground.width / (part.picture?.width ?? ground.width)
  const from = {
    x: -(part.picture?.x ?? 0) * shrunk,
    y: -(part.picture?.y ?? 0) * shrunk,
    width: part.width * shrunk,
    height: part.height * shrunk,
  }
  const only = { wide: layerOn(part, { clusters: crowd }, inset), narrow: null }
  return { main, closer: { ...landOf(part), layers: only, clusters: crowd, from } }
}
