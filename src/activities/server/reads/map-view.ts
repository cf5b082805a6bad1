import { circleOf, hrefOf, sayCluster, type Box } from '#activities/clusters.ts'
import { addressOf, usualLimit, type Filter } from '#activities/filter.ts'
import { boxAround, clustersByCountry, clustersIn, townsAround } from '#activities/server/reads/map.ts'
import type { Question } from '#activities/server/reads/week.ts'
import type { Language, Text } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import type { Cluster as DrawnPin, Viewport } from '#ui/map.ts'

type MapPin = DrawnPin & { href: string }

/** What the drawn map shows, and the same in words. */
export type MapView = {
  viewport: Viewport
  pins: MapPin[]
  towns: { name: string; lat: number; lon: number }[]
  words: string
  /** The same as the pins, as a list of links. */
  places: { href: string; label: string }[]
}

/** How the pins are said; `total` is how many the list holds, without those that were cancelled. */
export type Saying = { text: Text; language: Language; total: number }

/** The most pins a drawn map holds, and the most countries its sentence names. */
const mostPins = 120
const mostNamed = 8
/** How many cells a drawing is wide, the finest first: of 11 by 9 with its edges no pin is left out. */
const grids = [11, 6, 3] as const
/** The most bytes that pins and the list of them may come to: a map is at most 100 kB. */
const mostBytes = 75_000
/** So many pins a drawing has once those that touch are put together; each is drawn for a wide and a narrow screen. */
const drawn = 25

type Listed = Pick<MapPin, 'href' | 'label'>
const bytes = (words: string): number => Buffer.byteLength(words)

/** Answers how much the list and the drawing of pins come to, bytes. */
const weightOf = (pins: readonly Listed[]): number =>
  pins.reduce((sum, { href, label }) => sum + bytes(href) + bytes(label) + 60, 0) +
  pins.slice(0, drawn).reduce((sum, { href, label }) => sum + 2 * (bytes(href) + 2 * bytes(label) + 500), 0)

/** Answers as many of the first as may be shown: a long question stands in every address. */
function fitting<Pin extends Listed>(pins: readonly Pin[]): Pin[] {
  let count = pins.length
  while (count > 1 && weightOf(pins.slice(0, count)) > mostBytes) count = Math.floor(count * 0.8)
  return pins.slice(0, count)
}

/** The zoom at which a box is so many cells wide, and a fifth fewer high. */
const zoomOf = ([west, south, east, north]: Box, across: number): number => {
  const wide = west > east ? east + 360 - west : east - west
  return Math.log2(45 / Math.max(wide / across, (north - south) / (across * 0.8), 1e-6))
}

/** How many stand on no map, and how many of those name a country. */
type Elsewhere = { count: number; named: number }

function wordsOf(labels: readonly string[], elsewhere: Elsewhere, saying: Saying): string {
  const { text, language } = saying
  const named = labels.slice(0, mostNamed)
  if (labels.length > named.length)
    named.push(text('activities.map.and-more', { count: labels.length - named.length }))
  const list = new Intl.ListFormat(language === 'en' ? 'en-GB' : language).format(named)
  const sentences = [text('activities.map.words', { places: labels.length, list })]
  if (elsewhere.count > 0) sentences.push(text('activities.map.off', { count: elsewhere.count }))
  if (elsewhere.named > 0) sentences.push(text('activities.map.off-named', { count: elsewhere.named }))
  return sentences.join(' ')
}

const countryHref = (filter: Filter, country: string): string =>
  addressOf('/activities', filter, { country: [country], limit: usualLimit })

function worldView(
  { countries, off, elsewhere }: Awaited<ReturnType<typeof clustersByCountry>>,
  filter: Filter,
  saying: Saying,
): MapView {
  const { text, language } = saying
  const all = countries.map(({ country, count, point }) => ({
    point,
    count,
    href: `${countryHref(filter, country)}&view=map`,
    label: text('activities.map.in-country', { count, country: sayCountry(country, language) }),
  }))
  const onlyOff = off.filter(({ country }) => countries.every((one) => one.country !== country))
  const listed = fitting<Listed>([
    ...all,
    ...onlyOff.map(({ country, count }) => ({
      href: countryHref(filter, country),
      label: text('activities.map.off-country', { count, country: sayCountry(country, language) }),
    })),
  ])
  const pins = fitting(all).map(({ point, ...pin }) => ({ ...point, ...pin }))
  return {
    viewport: { kind: 'world' },
    pins: pins.slice(0, mostPins),
    towns: [],
    words: wordsOf(
      all.map(({ label }) => label),
      { count: elsewhere, named: off.reduce((sum, { count }) => sum + count, 0) },
      saying,
    ),
    places: listed.map(({ href, label }) => ({ href, label })),
  }
}

/** Answers the pins of a box on the finest grid on which they can be shown. */
async function pinsIn(db: Db, question: Question, box: Box, { text, language }: Saying) {
  let pins: (MapPin & { name: string })[] = []
  for (const across of grids) {
    const clusters = await clustersIn(db, question, box, zoomOf(box, across))
    pins = clusters.map((cluster) => {
      const name = sayCluster(cluster, text, language)
      const { lat, lon, count } = cluster
      // What is written on a pin has to stand in its label: whoever speaks to the computer reads it from there.
      const label = cluster.title === null ? name : text('activities.map.one', { title: cluster.title })
      return { lat, lon, count, href: hrefOf(cluster, question.filter), name, label }
    })
    if (weightOf(pins) <= mostBytes) break
  }
  return pins
}

async function closeView(
  db: Db,
  question: Question,
  view: { viewport: Viewport; box: Box },
  saying: Saying,
): Promise<MapView> {
  const pins = await pinsIn(db, question, view.box, saying)
  const { near, within } = circleOf(view.box)
  return {
    viewport: view.viewport,
    pins,
    towns: await townsAround(db, near, Math.max(within, 40)),
    words: wordsOf(
      pins.map(({ name }) => name),
      { count: saying.total - pins.reduce((sum, { count }) => sum + count, 0), named: 0 },
      saying,
    ),
    places: pins.map(({ href, name }) => ({ href, label: name })),
  }
}

/** No view is narrower than this, degrees: of one village there is nothing to see. */
const narrowest = 2
function padded([west, south, east, north]: Box): Box {
  const wide = west > east ? east + 360 - west : east - west
  const x = Math.max(wide * 0.12, (narrowest - wide) / 2)
  const y = Math.max((north - south) * 0.12, (narrowest - (north - south)) / 2)
  const turn = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180
  return [turn(west - x), Math.max(-84, south - y), turn(east + x), Math.min(84, north + y)]
}

/** Answers the map of a question: near a place or in one country on a grid, else the world by country. */
export async function mapView(db: Db, question: Question, saying: Saying): Promise<MapView> {
  const { filter } = question
  if (filter.near !== null) {
    const high = filter.within / 111
    const wide = Math.min(179, high / Math.max(0.02, Math.cos((filter.near.lat * Math.PI) / 180)))
    const { lat, lon } = filter.near
    const viewport = { kind: 'near', lat, lon, km: Math.min(5000, Math.max(filter.within, 40)) } as const
    const turn = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180
    const box: Box = [turn(lon - wide), Math.max(-90, lat - high), turn(lon + wide), Math.min(90, lat + high)]
    return closeView(db, question, { viewport, box }, saying)
  }
  const around = filter.country.length === 1 ? await boxAround(db, question) : null
  if (around) {
    const box = padded(around)
    return closeView(db, question, { viewport: { kind: 'bounds', bounds: box }, box }, saying)
  }
  return worldView(await clustersByCountry(db, question), filter, saying)
}
