import { cleanLine } from '#kernel/words.ts'
import { westernDigits } from '#kernel/input.ts'

/** The one question behind the wall and its feeds. The address keeps it. */
export type StoryFilter = {
  q: string | null
  kind: readonly string[]
  country: readonly string[]
  group: string | null
  week: number | null
  page: number
  limit: number
}
export const usualLimit = 20
export const noFilter: StoryFilter = {
  q: null,
  kind: [],
  country: [],
  group: null,
  week: null,
  page: 1,
  limit: usualLimit,
}

/** What an address got wrong: a page says it and goes on without it, another format refuses. */
export type BadValue = { name: keyof StoryFilter; value: string }

const whole = (words: string, min: number, max: number): number | undefined => {
  const digits = westernDigits(words)
  if (!/^\d{1,6}$/.test(digits)) return undefined
  const number = Number(digits)
  return number >= min && number <= max ? number : undefined
}

/** Reads the filter of an address; unknown names are ignored, empty values too. */
export function readFilter(asked: URLSearchParams): { filter: StoryFilter; bad: BadValue[] } {
  const bad: BadValue[] = []
  const values = (name: keyof StoryFilter): string[] =>
    asked
      .getAll(name)
      .map((value) => cleanLine(value.slice(0, 1000)))
      .filter((value) => value !== '')
  const all = <Value>(name: keyof StoryFilter, read: (words: string) => Value | undefined): Value[] =>
    [...new Set(values(name))].slice(0, 50).flatMap((value) => {
      const found = read(value)
      if (found !== undefined) return [found]
      bad.push({ name, value: value.slice(0, 80) })
      return []
    })
  const one = <Value>(name: keyof StoryFilter, read: (words: string) => Value | undefined): Value | null =>
    all(name, read).at(0) ?? null
  const code = (words: string) => (/^[a-z0-9][a-z0-9-]{0,79}$/.test(words) ? words : undefined)
  const filter = {
    q: one('q', (words) => (words.length <= 200 ? words : undefined)),
    kind: all('kind', code),
    country: all('country', (words) => (/^[A-Za-z]{2}$/.test(words) ? words.toUpperCase() : undefined)),
    group: one('group', code),
    week: one('week', (words) => whole(words, 1980, 2200)),
    page: one('page', (words) => whole(words, 1, 100_000)) ?? 1,
    limit: one('limit', (words) => whole(words, 1, 100)) ?? usualLimit,
  }
  return { filter, bad }
}

/** Answers the part of an address behind "?" that keeps a filter, with its "?", or "". */
export function askFor(filter: StoryFilter): string {
  const asked = new URLSearchParams()
  if (filter.q !== null) asked.append('q', filter.q)
  for (const kind of filter.kind) asked.append('kind', kind)
  for (const country of filter.country) asked.append('country', country)
  if (filter.group !== null) asked.append('group', filter.group)
  if (filter.week !== null) asked.append('week', String(filter.week))
  if (filter.page > 1) asked.append('page', String(filter.page))
  if (filter.limit !== usualLimit) asked.append('limit', String(filter.limit))
  const words = asked.toString()
  return words === '' ? '' : `?${words}`
}

/** Answers whether anything narrows the wall besides the week. */
export const narrows = (filter: StoryFilter): boolean =>
  filter.q !== null || filter.kind.length > 0 || filter.country.length > 0 || filter.group !== null
