import type { AccessCode, Mode, WelcomeCode } from '#activities/activity.ts'
import type { Moment, Occurrence } from '#activities/when.ts'

export type Place = {
  name: string | null
  town: string | null
  country: string | null
  lat: number | null
  lon: number | null
  /** false: the point is the town's, because the place is private. */
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
  week: number
  status: 'published' | 'cancelled'
  example: boolean
}

/** Answers the language an activity's own words are most likely written in, when it is not the page's. */
export const ownLanguage = (view: Pick<ActivityView, 'languages'>, page: string): string | undefined =>
  view.languages.includes(page) ? undefined : view.languages[0]

/** Answers whether words can be the name of an activity in an address. */
export const isSlug = (words: string): boolean => /^[a-z0-9-]{1,120}$/.test(words)

/** The shape of contract.md, for other people's programs. `site` is our address, without a slash behind it. */
export function asJson(view: ActivityView, site: string) {
  const { signLanguages: _sign, example: _example, ...shown } = view
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
