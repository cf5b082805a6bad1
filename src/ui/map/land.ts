import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  geoAzimuthalEqualArea,
  geoDistance,
  geoEqualEarth,
  geoPath,
  type GeoPermissibleObjects,
  type GeoProjection,
} from 'd3-geo'
import type { Feature, MultiPolygon, Polygon } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

/** West, south, east, north, in degrees. West is larger than east across the date line. */
export type Bounds = readonly [number, number, number, number]
export type Viewport =
  | { kind: 'world' }
  | { kind: 'bounds'; bounds: Bounds }
  | { kind: 'near'; lat: number; lon: number; km: number }

export interface Ground {
  width: number
  height: number
  land: string
  borders: string
  /** Where the picture of the whole world lies on the drawing, instead of land of its own. */
  picture: { x: number; y: number; width: number; height: number } | null
  /** Answers where a place is on the drawing, or null beyond its edge. */
  project: (lon: number, lat: number) => [number, number] | null
  /** Kilometres across the drawing at its middle. */
  across: number
}

type Countries = Topology<{ countries: GeometryCollection; land: GeometryCollection }>
const require = createRequire(import.meta.url)
const atlases = new Map<string, Countries>()

function atlas(detail: '110m' | '50m') {
  let known = atlases.get(detail)
  if (!known) {
    known = JSON.parse(
      readFileSync(require.resolve(`world-atlas/countries-${detail}.json`), 'utf8'),
    ) as Countries
    atlases.set(detail, known)
  }
  return known
}

/** Writes a path of absolute numbers shorter: relative steps of one decimal, steps shorter than `least` left out. */
export function compact(path: string, least = 0.5): string {
  return path
    .split('M')
    .filter(Boolean)
    .map((line) => {
      const points = line
        .replace('Z', '')
        .split('L')
        .map((point) => point.split(',').map((part) => Math.round(Number(part) * 10)))
      let [x = 0, y = 0] = points[0] ?? []
      let written = `M${x / 10},${y / 10}`
      let steps = 0
      for (const [toX = 0, toY = 0] of points.slice(1)) {
        if (Math.hypot(toX - x, toY - y) < least * 10) continue
        written += `${steps === 0 ? 'l' : toX - x < 0 ? '' : ' '}${(toX - x) / 10}${toY - y < 0 ? '' : ' '}${(toY - y) / 10}`
        ;[x, y] = [toX, toY]
        steps++
      }
      return steps < 2
        ? ''
        : written.replaceAll(/(?<![\d.])(-?)0\./g, '$1.') + (line.includes('Z') ? 'z' : '')
    })
    .join('')
}

function drawn(projection: GeoProjection, object: GeoPermissibleObjects, least = 0.7) {
  return compact(geoPath(projection).digits(1)(object) ?? '', least)
}

const worldWidth = 960

function world(): Ground {
  const projection = geoEqualEarth().rotate([-11, 0]).precision(0.4).fitWidth(worldWidth, { type: 'Sphere' })
  const [, top] = projection([11, 80]) ?? [0, 0]
  const [, bottom] = projection([11, -57]) ?? [0, 0]
  const [left, shift] = projection.translate()
  projection.translate([left, shift - top])
  const countries = atlas('110m')
  const land = feature(countries, countries.objects.land) as unknown as { features: Feature<MultiPolygon>[] }
  const here = land.features.map(({ geometry, ...rest }) => ({
    ...rest,
    geometry: {
      ...geometry,
      coordinates: geometry.coordinates.filter((polygon) => polygon[0]?.some(([, lat = 0]) => lat > -60)),
    },
  }))
  return {
    width: worldWidth,
    height: Math.round(bottom - top),
    picture: { x: 0, y: 0, width: worldWidth, height: Math.round(bottom - top) },
    land: drawn(projection, { type: 'FeatureCollection', features: here }),
    borders: drawn(
      projection,
      mesh(countries, countries.objects.countries, (one, other) => one !== other),
      1.6,
    ),
    project: (lon, lat) => projection([lon, lat]),
    across: 40075,
  }
}

const radians = 180 / Math.PI
const earth = 6371

function middleOf([west, south, east, north]: Bounds): [number, number] {
  const wide = (east - west + 360) % 360
  return [((west + wide / 2 + 540) % 360) - 180, (south + north) / 2]
}

/** The outermost point of each country as a distance from its middle, so that far ones need not be drawn. */
let reaches:
  | { country: Feature<Polygon | MultiPolygon>; middle: [number, number]; reach: number }[]
  | undefined

function countriesNear(middle: [number, number], angle: number) {
  const countries = atlas('50m')
  reaches ??= (
    feature(countries, countries.objects.countries).features as Feature<Polygon | MultiPolygon>[]
  ).flatMap((country) => {
    const polygons =
      country.geometry.type === 'Polygon' ? [country.geometry.coordinates] : country.geometry.coordinates
    return polygons.map((coordinates) => {
      const ring = (coordinates[0] ?? []) as [number, number][]
      const start = ring[Math.floor(ring.length / 2)] ?? [0, 0]
      return {
        country: { ...country, geometry: { type: 'Polygon' as const, coordinates } },
        middle: start,
        reach: Math.max(0, ...ring.map((point) => geoDistance(start, point))),
      }
    })
  })
  return reaches
    .filter(({ middle: there, reach }) => geoDistance(middle, there) < reach + angle)
    .map(({ country }) => country)
}

function close(middle: [number, number], half: [number, number], width: number, height: number): Ground {
  const scale = Math.min(width / 2 / half[0], height / 2 / half[1])
  const projection = geoAzimuthalEqualArea()
    .rotate([-middle[0], -middle[1]])
    .translate([width / 2, height / 2])
    .scale(scale)
    .precision(0.5)
    .clipExtent([
      [-4, -4],
      [width + 4, height + 4],
    ])
  const angle = Math.min(Math.PI, Math.hypot(width, height) / 2 / scale)
  const features = countriesNear(middle, angle * 1.2)
  const path = drawn(
    projection,
    { type: 'FeatureCollection', features },
    angle > 0.3 ? (width < 500 ? 2 : 1.4) : 0.7,
  )
  return {
    width,
    height,
    land: path,
    borders: '',
    picture: null,
    project: (lon, lat) => projection([lon, lat]),
    across: (width / scale) * earth,
  }
}

function closeTo(bounds: Bounds, width: number, height: number): Ground {
  const [west, south, east, north] = bounds
  const middle = middleOf(bounds)
  const wide = (east - west + 360) % 360 || 0
  const nearest = Math.min(Math.abs(south), Math.abs(north)) * (south * north < 0 ? 0 : 1)
  const least = 0.2
  return close(
    middle,
    [
      Math.max(least, (wide / 2) * 1.12 * Math.cos(nearest / radians)) / radians,
      Math.max(least, ((north - south) / 2) * 1.12) / radians,
    ],
    width,
    height,
  )
}

/** Answers the part of the world that holds some places, larger: the same picture, so that nothing more is fetched or drawn. */
export function partOfWorld(
  places: readonly { lat: number; lon: number }[],
  width: number,
  height: number,
): Ground {
  const whole = groundOf({ kind: 'world' })
  const points = places.flatMap(({ lat, lon }) => {
    const at = whole.project(lon, lat)
    return at === null ? [] : [at]
  })
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top]
  const pad = Math.max(16, 0.12 * Math.max(wide, high))
  const scale = Math.min(width / (wide + 2 * pad), height / (high + 2 * pad), 6)
  const [x, y] = [width / 2 - (left + wide / 2) * scale, height / 2 - (top + high / 2) * scale]
  return {
    width,
    height,
    land: '',
    borders: '',
    picture: { x, y, width: whole.width * scale, height: whole.height * scale },
    project: (lon, lat) => {
      const at = whole.project(lon, lat)
      return at && [x + at[0] * scale, y + at[1] * scale]
    },
    across: (whole.across * width) / scale / whole.width,
  }
}

const grounds = new Map<string, Ground>()
const kept = 60

/** Answers the land of a view, drawn once and kept; the oldest of sixty goes. */
export function groundOf(viewport: Viewport, width = worldWidth, height = 560): Ground {
  const rounded =
    viewport.kind === 'bounds'
      ? { ...viewport, bounds: viewport.bounds.map((degree) => Math.round(degree * 10) / 10) }
      : viewport
  const key = JSON.stringify([rounded, width, height])
  const known = grounds.get(key)
  if (known) return known
  const ground =
    viewport.kind === 'world'
      ? world()
      : viewport.kind === 'bounds'
        ? closeTo(viewport.bounds, width, height)
        : close(
            [viewport.lon, viewport.lat].map((degree) => Math.round(degree * 100) / 100) as [number, number],
            [viewport.km / earth, viewport.km / earth],
            width,
            height,
          )
  const oldest = grounds.keys().next()
  if (grounds.size >= kept && !oldest.done) grounds.delete(oldest.value)
  grounds.set(key, ground)
  return ground
}
