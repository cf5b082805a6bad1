import { redirect, type RequestEvent } from '@sveltejs/kit'
import { sayBad } from '#activities/filter-words.ts'
import { addressOf, readFilter, type BadValue } from '#activities/filter.ts'
import { askedWeek, type Question } from '#activities/server/reads/week.ts'
import { sayTown } from '#activities/where.ts'
import { textIn, type Text } from '#kernel/messages.ts'
import { cleanLine, plainWords } from '#kernel/words.ts'
import { findPlaces, hasOtherName, type Place } from '#platform/server/places.ts'
import { askedOf as askedOfAll } from '../asked.ts'
import { textAnswer } from '../text-answer.ts'

export type Asked = Question & { bad: BadValue[] }

/** Reads what is asked from the address, with the week it is asked of. */
export const askedOf = ({ locals, url }: RequestEvent): Promise<Asked> =>
  askedOfAll(locals, readFilter(url.searchParams), (year) =>
    askedWeek(locals.db, locals.viewer, year, locals.now),
  )

/** How many times larger than the next of its name a town must be to be the one that is meant. */
const surely = 4

/** The words of a place, and the towns that they may mean; none when nobody knows such a town. */
export type TownChoice = { words: string; towns: Place[] }

/** Looks up the words of `place` and goes on to `near` (303) when it is clear which town is meant; else answers the towns to choose from. Null when no place was asked for. */
export async function goNear({ locals, url }: RequestEvent): Promise<TownChoice | null> {
  const words = cleanLine(url.searchParams.get('place') ?? '').slice(0, 200)
  if (words === '') return null
  const towns = await findPlaces(locals.db, words)
  const [first, second] = towns
  if (!first) return { words, towns }
  const name = plainWords(words.split(',')[0] ?? '')
  const same = (town: Place): boolean => plainWords(town.name) === name
  const clear = !second || (same(first) && (!same(second) || first.population >= second.population * surely))
  if (!clear) return { words, towns }
  redirect(303, nearAddress(url, first))
}

/** What an address says beside the question: how it is shown, and which part of the map. */
const beside = ['view', 'bbox', 'zoom']

/** Writes the address of the same question near a town. */
export function nearAddress(url: URL, town: Pick<Place, 'id' | 'name' | 'lat' | 'lon'>): string {
  const params = new URLSearchParams(url.search)
  params.set('near', `${town.lat},${town.lon}`)
  params.delete('town')
  if (hasOtherName(town)) params.set('town', town.name)
  const rest = new URLSearchParams([...url.searchParams].filter(([name]) => beside.includes(name)))
  return [addressOf(url.pathname, readFilter(params).filter), rest].join(rest.size > 0 ? '&' : '')
}

export const views = ['list', 'map', 'calendar'] as const
export type View = (typeof views)[number]
/** Answers how the answers are to be shown: as a list unless the address says otherwise. */
export const viewOf = (url: URL): View =>
  views.find((view) => view === url.searchParams.get('view')) ?? 'list'

/** One value that cannot be meant, as it is said to a program; of a town's name, the towns it may mean with where each is asked for. */
type Wrong = {
  name: BadValue['name']
  value: string
  detail: string
  places?: { name: string; country: string; lat: number; lon: number; url: string }[]
}

/** Refuses a question that cannot be meant (400, RFC 9457), naming each value. */
export function problemOf(bad: readonly BadValue[], language: App.Locals['language']): Response {
  const text = textIn(language)
  return problemWith(
    bad.map((one) => ({ name: one.name, value: one.value.slice(0, 200), detail: sayBad(one, text) })),
    text,
  )
}

function problemWith(errors: readonly Wrong[], text: Text): Response {
  const problem = {
    type: 'about:blank',
    title: text('activities.bad.title'),
    status: 400,
    detail: errors.map((error) => error.detail).join(' '),
    errors,
  }
  return textAnswer(JSON.stringify(problem), { 'content-type': 'application/problem+json' }, 400)
}

/** Refuses to guess which of several towns of one name is meant (400), and names each with the address that asks for it: to a program as a problem (RFC 9457), to a reader of feeds in plain words. */
export function whichTown(
  { locals, url }: RequestEvent,
  { words, towns }: TownChoice,
  plainly: boolean,
): Response {
  const text = textIn(locals.language)
  const detail = text('activities.place.choose', { words })
  const places = towns.map((town) => ({
    name: sayTown(town, locals.language),
    country: town.country,
    lat: town.lat,
    lon: town.lon,
    url: `${url.origin}${nearAddress(url, town)}`,
  }))
  if (!plainly) return problemWith([{ name: 'place', value: words, detail, places }], text)
  const lines = places.map((place) => `${place.name}\n${place.url}\n`)
  return textAnswer(
    `${detail}\n${text('activities.place.addresses')}\n\n${lines.join('\n')}`,
    { 'content-type': 'text/plain; charset=utf-8' },
    400,
  )
}
