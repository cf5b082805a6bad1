import { accessCodes, welcomeCodes, type AccessCode, type WelcomeCode } from '#activities/activity.ts'
import { westernDigits } from '#kernel/input.ts'
import { realDay, type Day } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'

/** The one question that list, map, calendar and every feed are answers to. The address keeps it. */
export type Filter = {
  q: string | null
  kind: readonly string[]
  country: readonly string[]
  near: Point | null
  /** What whoever asked calls the town at `near`, which may have other names. */
  town: string | null
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
  town: null,
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
  (words) => {
    const digits = westernDigits(words)
    return /^\d{1,7}$/.test(digits) && Number(digits) >= min && Number(digits) <= max
      ? Number(digits)
      : undefined
  }

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

/** The most answers of one name that are read. */
const mostValues = 50

/** Reads the names of an address one by one, and collects what cannot be meant. Any filter is read with it, so that all say the same of the same words. */
export function readerOf(params: URLSearchParams) {
  const bad: BadValue[] = []
  const given = (name: BadValue['name']): string[] =>
    [...new Set(params.getAll(name).map(cleanLine).filter(Boolean))].slice(0, mostValues)
  function one<Value>(name: keyof Filter, read: Read<Value>, why: BadValue['why']): Value | null {
    const [first, ...more] = given(name)
    if (first === undefined) return null
    if (more.length > 0) bad.push({ name, value: more.join(', '), why: 'once' })
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
  return {
    bad,
    one,
    several,
    words: () => one('q', wordsRead, 'words'),
    kinds: () => several('kind', codeRead),
    countries: () => several('country', countryRead),
    group: () => one('group', (words) => (/^[a-z0-9-]{1,100}$/.test(words) ? words : undefined), 'code'),
    whole: (name: keyof Filter, min: number, max: number) => one(name, wholeRead(min, max), 'number'),
  }
}

/** Reads a filter from an address. Names it does not know are left alone; each value it cannot mean is answered as bad, and left out. */
export function readFilter(params: URLSearchParams): ReadFilter {
  const { bad, one, several, ...reader } = readerOf(params)
  const near = one('near', pointRead, 'point')
  const within = reader.whole('within', 1, 20_000)
  const filter: Filter = {
    q: reader.words(),
    kind: reader.kinds(),
    country: reader.countries(),
    near,
    town: near ? one('town', wordsRead, 'words') : null,
    within: near ? (within ?? usualWithin) : usualWithin,
    online: one('online', yesNoRead, 'yes-no'),
    from: one('from', dayRead, 'day'),
    to: one('to', dayRead, 'day'),
    day: one('day', dayRead, 'day'),
    language: several('language', languageRead),
    access: several('access', oneOfRead(accessCodes)),
    welcome: several('welcome', oneOfRead(welcomeCodes)),
    group: reader.group(),
    week: reader.whole('week', 1980, 2200),
    page: reader.whole('page', 1, 100_000) ?? 1,
    limit: reader.whole('limit', 1, 100) ?? usualLimit,
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
