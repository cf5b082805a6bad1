import { addressOf, usualLimit, type Filter, type Point } from '#activities/filter.ts'
import type { Text } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'

/** West, south, east, north, in degrees; over the date line west is the larger. */
export type Box = readonly [west: number, south: number, east: number, north: number]
export const wholeWorld: Box = [-180, -90, 180, 90]

/** Some activities that stand close together, where one of them is. */
export type Cluster = Point & {
  count: number
  /** The box they stand in. */
  box: Box
  /** When it is only one: which. */
  slug: string | null
  title: string | null
  /** The country, when all are in one. */
  country: string | null
  /** A town in which one of them is. */
  town: string | null
}

/** Reads "w,s,e,n"; undefined when it is not a box on Earth. */
export function boxOf(words: string): Box | undefined {
  const numbers = words
    .split(',')
    .map((part) => (/^ *-?\d{1,3}(\.\d{1,20})? *$/.test(part) ? Number(part) : Number.NaN))
  const [west, south, east, north, more] = numbers
  if (
    west === undefined ||
    south === undefined ||
    east === undefined ||
    north === undefined ||
    more !== undefined
  ) {
    return undefined
  }
  const inside =
    Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90 && south <= north
  return inside ? [west, south, east, north] : undefined
}

/** Kilometres between two points. */
export function distance(one: Point, other: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const half =
    Math.sin(radians(other.lat - one.lat) / 2) ** 2 +
    Math.cos(radians(one.lat)) *
      Math.cos(radians(other.lat)) *
      Math.sin(radians(other.lon - one.lon) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(Math.min(1, half)))
}

/** Answers the circle that holds a box. */
export function circleOf([west, south, east, north]: Box): { near: Point; within: number; town: null } {
  const wide = west > east ? east + 360 - west : east - west
  const middle = west + wide / 2
  const near = { lat: (south + north) / 2, lon: middle > 180 ? middle - 360 : middle }
  const corners = [south, north].map((lat) => distance(near, { lat, lon: west }))
  // The middle is written to a thousandth of a degree, which moves it up to 80 m.
  return { near, town: null, within: Math.min(20_000, Math.ceil(Math.max(...corners) + 0.2)) }
}

/** Answers where a pin leads: to the one activity, else to the list of those that stand there. */
export function hrefOf(cluster: Pick<Cluster, 'slug' | 'box'>, filter: Filter): string {
  if (cluster.slug !== null) return `/activities/${cluster.slug}`
  return addressOf('/activities', filter, { ...circleOf(cluster.box), limit: usualLimit })
}

/** Says what a pin stands for. */
export function sayCluster(cluster: Cluster, text: Text, language: string): string {
  const { count, title, town, country } = cluster
  if (title !== null) return title
  if (town !== null) return text('activities.map.around', { count, town })
  if (country !== null)
    return text('activities.map.in-country', { count, country: sayCountry(country, language) })
  return text('activities.map.here', { count })
}
