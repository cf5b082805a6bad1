export interface BigPin {
  lon: number
  lat: number
  count: number
  href: string
  title: string
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))
const short = (value: number) => Math.round(value * 10_000) / 10_000

/** Answers the address to ask for what is in view; the filter in `source` stays. A view wider than the earth asks for all of it. */
export function addressOf(
  source: string,
  base: string,
  [west, south, east, north]: readonly [number, number, number, number],
  zoom: number,
) {
  const address = new URL(source, base)
  // A map that is as wide as the earth may say a hair less, and both edges would round to one line.
  const all = east - west >= 359
  const turn = (degree: number) => ((((degree + 180) % 360) + 360) % 360) - 180
  const box = [all ? -180 : turn(west), clamp(south, -90, 90), all ? 180 : turn(east), clamp(north, -90, 90)]
  address.searchParams.set('bbox', box.map(short).join(','))
  address.searchParams.set('zoom', String(clamp(Math.floor(zoom), 0, 22)))
  return address.href
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function pinFrom(feature: unknown, base: string): BigPin[] {
  if (!isObject(feature) || !isObject(feature['geometry']) || !isObject(feature['properties'])) return []
  const { geometry, properties } = feature
  const coordinates = geometry['coordinates']
  if (geometry['type'] !== 'Point' || !Array.isArray(coordinates)) return []
  const [lon, lat]: unknown[] = coordinates
  const { count, href, title } = properties
  if (
    typeof lon !== 'number' ||
    typeof lat !== 'number' ||
    typeof href !== 'string' ||
    !URL.canParse(href, base)
  )
    return []
  const address = new URL(href, base)
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return []
  return [
    {
      lon,
      lat,
      count: typeof count === 'number' ? count : 1,
      href: address.href,
      title: typeof title === 'string' ? title : '',
    },
  ]
}

/** Answers the pins of a GeoJSON answer, the largest first; leaves out what is not a point with an address. */
export function pinsFrom(answer: unknown, base: string): BigPin[] {
  if (!isObject(answer) || !Array.isArray(answer['features'])) return []
  return answer['features']
    .flatMap((feature) => pinFrom(feature, base))
    .toSorted((one, other) => other.count - one.count)
}
