import type { Joining } from '#activities/seats.ts'

type Option = { value: string; label: string }

/** What can be chosen in the whole form of an activity. */
export type FormChoices = {
  kinds: Option[]
  clusters: { code: string; audiences: Option[] }[]
  groups: Option[]
  languages: Option[]
  signs: string[]
  countries: Option[]
  zones: readonly Option[]
  /** The week's days in words, and the first and last day that may be chosen. */
  days: string
  first: string
  last: string
  /** How many seats are taken on the fullest date that is ahead. */
  taken: Record<Joining, number>
}
