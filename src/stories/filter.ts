import { readerOf, type BadValue } from '#activities/filter.ts'

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

/** Reads the filter of an address; unknown names are ignored, empty values too. */
export function readFilter(asked: URLSearchParams): { filter: StoryFilter; bad: BadValue[] } {
  const reader = readerOf(asked)
  const filter = {
    q: reader.words(),
    kind: reader.kinds(),
    country: reader.countries(),
    group: reader.group(),
    week: reader.whole('week', 1980, 2200),
    page: reader.whole('page', 1, 100_000) ?? 1,
    limit: reader.whole('limit', 1, 100) ?? usualLimit,
  }
  return { filter, bad: reader.bad }
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
