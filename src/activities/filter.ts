import { accessCodes, welcomeCodes, type AccessCode, type WelcomeCode } from '#activities/activity.ts'
import { realDay, type Day } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'

/** The one question that list, map, calendar and every feed are answers to. The address keeps it. */
export type Filter = {
  q: string | null
  kind: readonly string[]
  country: readonly string[]
  near: Point | null
  /** Kilometres round `near`. */
  within: number
  /** true: can be joined online. false: has a place to go to. */
  online: boolean | null
  from: Day | null
  to: Day | null
  day: Day | null
  language: readonly string[]
  access: readonly AccessCode[]
  welcome: readonly WelcomeCode[]
  group: string | null
  week: number | null
  page: number
  limit: number
}
export type Point = { lat: number; lon: number }

export const usualWithin = 25
export const usualLimit = 50

export const noFilter: Filter = {
  q: null,
  kind: [],
  country: [],
  near: null,
  within: usualWithin,
  online: null,
  from: null,
  to: null,
  day: null,
  language: [],
  access: [],
  welcome: [],
  group: null,
  week: null,
  page: 1,
  limit: usualLimit,
}

/** What an address got wrong: a page says it beside the field and goes on without it, another format refuses. */
export type BadValue = {
  name: keyof Filter | 'place' | 'bbox' | 'zoom'
  value: string
  why: 'words' | 'code' | 'point' | 'box' | 'number' | 'yes-no' | 'day' | 'order' | 'once' | 'unknown'
}
export type ReadFilter = { filter: Filter; bad: BadValue[] }

type Read<Value> = (words: string) => Value | undefined

const codeRead: Read<string> = (words) => (/^[a-z][a-z0-9-]{1,30}$/.test(words) ? words : undefined)

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const countryRead: Read<string> = (words) => {
  if (!/^[A-Za-z]{2}$/.test(words)) return undefined
  const code = Intl.getCanonicalLocales(`und-${words}`)[0]?.slice(4) ?? ''
  return code !== 'ZZ' && countryNames.of(code) !== undefined ? code : undefined
}

/** Answers a language by its tag (BCP 47) as it is written in full, "zh-Hant"; undefined when it is none. */
export const languageRead: Read<string> = (words) =>
  /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(words) ? canonicalLanguage(words) : undefined
const canonicalLanguage: Read<string> = (words) => {
  try {
    return Intl.getCanonicalLocales(words)[0]
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const oneOfRead =
  <Code extends string>(codes: readonly Code[]): Read<Code> =>
  (words) =>
    codes.find((code) => code === words)

const wholeRead =
  (min: number, max: number): Read<number> =>
  (words) =>
    /^\d{1,7}$/.test(words) && Number(words) >= min && Number(words) <= max ? Number(words) : undefined

const dayRead: Read<Day> = (words) => (realDay(words) && words > '1980' && words < '2200' ? words : undefined)

const yesNoRead: Read<boolean> = (words) => {
  if (['yes', '1', 'true', 'on'].includes(words)) return true
  return ['no', '0', 'false', 'off'].includes(words) ? false : undefined
}

/** A thousandth of a degree is about a hundred metres: enough for "near", and few enough for one kept page to serve many. */
const rounded = (degrees: number): number => Math.round(degrees * 1000) / 1000 + 0
const pointRead: Read<Point> = (words) => {
  const found = /^(-?\d{1,3}(?:\.\d{1,20})?), ?(-?\d{1,3}(?:\.\d{1,20})?)$/.exec(words)
  if (!found) return undefined
  const [lat, lon] = [Number(found[1]), Number(found[2])]
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat: rounded(lat), lon: rounded(lon) } : undefined
}

const wordsRead: Read<string> = (words) => (words.length <= 200 ? words : undefined)

/** Reads a filter from an address. Names it does not know are left alone; each value it cannot mean is answered as bad, and left out. */
export function readFilter(params: URLSearchParams): ReadFilter {
  const bad: BadValue[] = []
  const given = (name: string): string[] => params.getAll(name).map(cleanLine).filter(Boolean)
  function one<Value>(name: keyof Filter, read: Read<Value>, why: BadValue['why']): Value | null {
    const values = [...new Set(given(name))]
    const [first] = values
    if (first === undefined) return null
    if (values.length > 1) bad.push({ name, value: values.slice(1).join(', '), why: 'once' })
    const value = read(first)
    if (value === undefined) bad.push({ name, value: first, why })
    return value ?? null
  }
  function several<Value extends string>(name: keyof Filter, read: Read<Value>): Value[] {
    const found = new Set<Value>()
    for (const words of given(name)) {
      const value = read(words)
      if (value === undefined) bad.push({ name, value: words, why: 'code' })
      else found.add(value)
    }
    return [...found].toSorted()
  }
  const near = one('near', pointRead, 'point')
  const within = one('within', wholeRead(1, 20_000), 'number')
  const filter: Filter = {
    q: one('q', wordsRead, 'words'),
    kind: several('kind', codeRead),
    country: several('country', countryRead),
    near,
    within: near ? (within ?? usualWithin) : usualWithin,
    online: one('online', yesNoRead, 'yes-no'),
    from: one('from', dayRead, 'day'),
    to: one('to', dayRead, 'day'),
    day: one('day', dayRead, 'day'),
    language: several('language', languageRead),
    access: several('access', oneOfRead(accessCodes)),
    welcome: several('welcome', oneOfRead(welcomeCodes)),
    group: one('group', (words) => (/^[a-z0-9-]{1,100}$/.test(words) ? words : undefined), 'code'),
    week: one('week', wholeRead(1980, 2200), 'number'),
    page: one('page', wholeRead(1, 100_000), 'number') ?? 1,
    limit: one('limit', wholeRead(1, 100), 'number') ?? usualLimit,
  }
  if (filter.from !== null && filter.to !== null && filter.from > filter.to) {
    bad.push({ name: 'to', value: filter.to, why: 'order' })
    filter.to = null
  }
  return { filter, bad }
}

const isPoint = (value: unknown): value is Point =>
  typeof value === 'object' && value !== null && 'lat' in value
const said = (value: string | number | boolean | Point): string => {
  if (isPoint(value)) return `${value.lat},${value.lon}`
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** Writes the filter as the one query string it has: names sorted, usual values left out. "" when nothing is asked. For links, feeds and caches. */
export function queryOf(filter: Filter): string {
  const params = new URLSearchParams()
  for (const name of (Object.keys(noFilter) as (keyof Filter)[]).toSorted()) {
    const value = filter[name]
    if (value === null || value === noFilter[name]) continue
    if (Array.isArray(value)) for (const one of value as readonly string[]) params.append(name, one)
    else params.append(name, said(value as string | number | boolean | Point))
  }
  return params.toString().replaceAll('%2C', ',')
}

/** Writes an address with the filter, changed in some names. Changing what is asked goes back to the first page. */
export function addressOf(path: string, filter: Filter, change: Partial<Filter> = {}): string {
  const query = queryOf({ ...filter, page: 1, ...change })
  return query === '' ? path : `${path}?${query}`
}

/** The days that the filter leaves: null when it asks about none. An empty span has `from` after `to`. */
export function daysOf(filter: Filter): { from: Day; to: Day } | null {
  if (filter.day === null && filter.from === null && filter.to === null) return null
  const froms = [filter.day, filter.from].filter((day) => day !== null)
  const tos = [filter.day, filter.to].filter((day) => day !== null)
  return { from: froms.toSorted().at(-1) ?? '1980-01-01', to: tos.toSorted()[0] ?? '2200-12-31' }
}

/** Answers whether anything is asked beyond the week and the page. */
export const asksNothing = (filter: Filter): boolean =>
  queryOf({ ...filter, week: null, page: 1, limit: usualLimit }) === ''

/** Answers the read filter again with kinds the week does not have among what is bad. */
export function withKinds(read: ReadFilter, kinds: readonly string[]): ReadFilter {
  const unknown = read.filter.kind.filter((code) => !kinds.includes(code))
  if (unknown.length === 0) return read
  return {
    filter: { ...read.filter, kind: read.filter.kind.filter((code) => kinds.includes(code)) },
    bad: [...read.bad, ...unknown.map((value): BadValue => ({ name: 'kind', value, why: 'unknown' }))],
  }
}
