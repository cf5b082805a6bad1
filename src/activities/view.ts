import type { AccessCode, Mode, WelcomeCode } from '#activities/activity.ts'
import type { Moment, Occurrence } from '#activities/when.ts'

export type Place = {
  name: string | null
  town: string | null
  country: string | null
  lat: number | null
  lon: number | null
  /** false: the point is the town's, because the place is private or nobody said where in the town it is. */
  exact: boolean
}

/** An activity as everybody may see it in a list. */
export type ActivityView = {
  slug: string
  title: string
  summary: string
  kind: string
  mode: Mode
  start: Moment
  end: Moment
  occurrences: Occurrence[]
  place: Place | null
  online: boolean
  languages: string[]
  signLanguages: string[]
  access: AccessCode[]
  welcome: WelcomeCode[]
  group: string | null
  /** Only so many can come. */
  limited: boolean
  week: number
  status: 'published' | 'cancelled'
  example: boolean
}

/** Scripts by the name of how a language is written, where that is more than one or has another name. */
const written: Record<string, string> = {
  Jpan: '\\p{sc=Hani}\\p{sc=Hira}\\p{sc=Kana}',
  Hans: '\\p{sc=Hani}',
  Hant: '\\p{sc=Hani}',
  Kore: '\\p{sc=Hang}\\p{sc=Hani}',
}
const letters = new Map<string, RegExp>()

/** Answers whether words have letters that a language is written in. */
function mayBe(tag: string, words: string): boolean {
  let known = letters.get(tag)
  if (!known) {
    const script = new Intl.Locale(tag).maximize().script ?? 'Latn'
    known = new RegExp(`[${written[script] ?? `\\p{sc=${script}}`}]`, 'u')
    if (letters.size < 500) letters.set(tag, known)
  }
  return known.test(words)
}

/** Answers the language an activity's own words are most likely written in, when it is not the page's. */
export function ownLanguage(
  { languages, title }: Pick<ActivityView, 'languages' | 'title'>,
  page: string,
): string | undefined {
  if (languages.includes(page) && mayBe(page, title)) return undefined
  return languages.find((tag) => tag !== page && mayBe(tag, title)) ?? languages.find((tag) => tag !== page)
}

/** Answers whether words can be the name of an activity in an address. */
export const isSlug = (words: string): boolean => /^[a-z0-9-]{1,120}$/.test(words)

/** The shape of contract.md, for other people's programs. `site` is our address, without a slash behind it. */
export function asJson(view: ActivityView, site: string) {
  const { signLanguages: _sign, example: _example, limited: _limited, ...shown } = view
  return {
    ...shown,
    url: `${site}/activities/${view.slug}`,
    ics: `${site}/activities/${view.slug}.ics`,
  }
}

/** Answers where it is as far as a list says it: the town and the country. */
export const townOf = ({ mode, place }: Pick<ActivityView, 'mode' | 'place'>) => ({
  mode,
  town: place?.town ?? null,
  country: place?.country ?? null,
})
