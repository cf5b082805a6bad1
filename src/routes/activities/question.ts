import { redirect, type RequestEvent } from '@sveltejs/kit'
import { sayBad } from '#activities/filter-words.ts'
import { addressOf, readFilter, type BadValue } from '#activities/filter.ts'
import { askedWeek, type Question } from '#activities/server/reads/week.ts'
import { textIn } from '#kernel/messages.ts'
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

/** Looks up the words of `place` and goes on to `near` (303) when it is clear which town is meant, or when nobody is there to choose; else answers the towns to choose from. Null when no place was asked for. */
export async function goNear(
  { locals, url }: RequestEvent,
  choose: boolean,
): Promise<{ words: string; towns: Place[] } | null> {
  const words = cleanLine(url.searchParams.get('place') ?? '').slice(0, 200)
  if (words === '') return null
  const towns = await findPlaces(locals.db, words)
  const [first, second] = towns
  if (!first) return { words, towns }
  const name = plainWords(words.split(',')[0] ?? '')
  const same = (town: Place): boolean => plainWords(town.name) === name
  const clear = !second || (same(first) && (!same(second) || first.population >= second.population * surely))
  if (choose && !clear) return { words, towns }
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
/** Refuses a question that cannot be meant (400, RFC 9457), naming each value. */
export function problemOf(bad: readonly BadValue[], language: App.Locals['language']): Response {
  const text = textIn(language)
  const errors = bad.map((one) => ({
    name: one.name,
    value: one.value.slice(0, 200),
    detail: sayBad(one, text),
  }))
  const problem = {
    type: 'about:blank',
    title: text('activities.bad.title'),
    status: 400,
    detail: errors.map((error) => error.detail).join(' '),
    errors,
  }
  return textAnswer(JSON.stringify(problem), { 'content-type': 'application/problem+json' }, 400)
}
