import { usualWithin, type BadValue, type Filter } from '#activities/filter.ts'
import { isMessageKey, type Text } from '#kernel/messages.ts'
import { sayCountry, sayDay, sayLanguage } from '#kernel/times.ts'

/** What the words of a filter need beside it: names that only the database knows. */
export type FilterNames = {
  kinds: readonly { code: string; name: string }[]
  /** The town at `near`. */
  place: string | null
  group: string | null
}

const listed = (words: readonly string[], language: string, how: 'conjunction' | 'disjunction'): string =>
  new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: how }).format(words)

/** Says the name of an access or welcome code. */
export function sayCode(room: 'access' | 'welcome', code: string, text: Text): string {
  const key = `activities.${room}.${code}`
  return isMessageKey(key) ? text(key) : code
}

/** Sign languages that we have a name for; `Intl` has none. */
export const signLanguages = 'bfi isg asf nzs ase sfs ins dsl swl nsl dse gsg fsl ssp ise pso bzs jsl'.split(
  ' ',
)

/** Says a language by its tag, spoken or signed. */
export function sayTongue(tag: string, text: Text, language: string): string {
  const key = `sign-language.${tag}`
  return isMessageKey(key) ? text(key) : sayLanguage(tag, language)
}

/** Says what a filter asks for: "Café or coffee morning in Denmark on Tuesday 19 October 2027". */
export function sayFilter(filter: Filter, names: FilterNames, text: Text, language: string): string {
  const kinds = filter.kind.map((code) => names.kinds.find((kind) => kind.code === code)?.name ?? code)
  const parts = [kinds.length > 0 ? listed(kinds, language, 'disjunction') : text('activities.words.all')]
  if (filter.q !== null) parts.push(text('activities.words.q', { words: filter.q }))
  if (filter.online !== null)
    parts.push(text(filter.online ? 'activities.words.online' : 'activities.words.in-person'))
  if (filter.near !== null) {
    const place = names.place ?? `${filter.near.lat}, ${filter.near.lon}`
    parts.push(text('activities.words.near', { place, within: filter.within }))
  }
  if (filter.country.length > 0) {
    const countries = filter.country.map((code) => sayCountry(code, language))
    parts.push(text('activities.words.country', { countries: listed(countries, language, 'disjunction') }))
  }
  if (filter.group !== null)
    parts.push(text('activities.words.group', { group: names.group ?? filter.group }))
  if (filter.day !== null)
    parts.push(text('activities.words.day', { day: sayDay(filter.day, language, true) }))
  if (filter.from !== null)
    parts.push(text('activities.words.from', { day: sayDay(filter.from, language, true) }))
  if (filter.to !== null) parts.push(text('activities.words.to', { day: sayDay(filter.to, language, true) }))
  if (filter.language.length > 0) {
    const languages = filter.language.map((tag) => sayTongue(tag, text, language))
    parts.push(text('activities.words.language', { languages: listed(languages, language, 'disjunction') }))
  }
  if (filter.welcome.length > 0) {
    const welcome = filter.welcome.map((code) => sayCode('welcome', code, text))
    parts.push(text('activities.words.welcome', { welcome: listed(welcome, language, 'disjunction') }))
  }
  if (filter.access.length > 0) {
    const access = filter.access.map((code) => sayCode('access', code, text))
    parts.push(text('activities.words.access', { access: listed(access, language, 'conjunction') }))
  }
  return parts.join(' ')
}

/** One thing a filter asks for, and the filter without it. */
export type FilterPart = { words: string; without: Filter }

/** Answers what a filter asks for one by one, so that each can be left out by itself. */
export function filterParts(filter: Filter, names: FilterNames, text: Text, language: string): FilterPart[] {
  const part = (words: string, change: Partial<Filter>): FilterPart => ({
    words,
    without: { ...filter, page: 1, ...change },
  })
  const each = (
    name: 'kind' | 'country' | 'language' | 'access' | 'welcome',
    say: (code: string) => string,
  ): FilterPart[] =>
    filter[name].map((code: string) =>
      part(say(code), { [name]: filter[name].filter((other: string) => other !== code) }),
    )
  const { q, online, near, within, group, day, from, to } = filter
  const place = names.place ?? `${near?.lat}, ${near?.lon}`
  return [
    ...each('kind', (code) => names.kinds.find((kind) => kind.code === code)?.name ?? code),
    ...(q === null ? [] : [part(text('activities.words.q', { words: q }), { q: null })]),
    ...(online === null
      ? []
      : [part(text(`activities.form.online.${online ? 'yes' : 'no'}`), { online: null })]),
    ...(near === null
      ? []
      : [
          part(text('activities.words.near', { place, within }), {
            near: null,
            town: null,
            within: usualWithin,
          }),
        ]),
    ...each('country', (code) => sayCountry(code, language)),
    ...(group === null
      ? []
      : [part(text('activities.words.group', { group: names.group ?? group }), { group: null })]),
    ...(day === null ? [] : [part(sayDay(day, language, true), { day: null })]),
    ...(from === null
      ? []
      : [part(text('activities.words.from', { day: sayDay(from, language, true) }), { from: null })]),
    ...(to === null
      ? []
      : [part(text('activities.words.to', { day: sayDay(to, language, true) }), { to: null })]),
    ...each('language', (tag) => sayTongue(tag, text, language)),
    ...each('access', (code) => sayCode('access', code, text)),
    ...each('welcome', (code) => sayCode('welcome', code, text)),
  ]
}

/** Says what an address got wrong and what to write instead. */
export const sayBad = (bad: BadValue, text: Text): string =>
  text(`activities.bad.${bad.why}`, {
    name: text(`activities.field.${bad.name}`),
    value: bad.value.slice(0, 60),
  })

/** Answers the first few of several, those that were asked for before the others and all of them. */
export const firstOf = <Code>(all: readonly Code[], asked: (code: Code) => boolean, few: number): Code[] => {
  const wanted = all.filter(asked)
  return [...wanted, ...all.filter((code) => !asked(code))].slice(0, Math.max(few, wanted.length))
}
