import type { ActivityState, Mode, Series, Timing } from '#activities/activity.ts'
import type { Change } from '#activities/series.ts'
import type { Language } from '#kernel/messages.ts'

export type NewPlace = {
  name: string | null
  address: string | null
  town: string | null
  country: string | null
  lat: number | null
  lon: number | null
  /** The point is the place's own; else it is its town's. */
  exact: boolean
  /** A home, a school, a service: everybody sees the town only. */
  private: boolean
  details: string | null
}

export type NewHost = {
  email: string
  name: string
  part: 'host' | 'second' | 'co-host'
  confirmed: Date | null
}

/** A whole activity, however it came: said in the form, read from a spreadsheet, shipped as an example. */
export type NewActivity = {
  slug?: string
  week: number
  kind: string
  title: string
  summary: string
  description: string
  state: ActivityState
  reason: string | null
  published: Date | null
  mode: Mode
  timing: Timing
  /** The time comes twice that day and the later one is meant. */
  later: boolean
  series: Series | null
  changes: Change[]
  place: NewPlace | null
  joinUrl: string | null
  joinDetails: string | null
  languages: string[]
  access: string[]
  signLanguages: string[]
  arrive: string
  welcome: string[]
  audiences: string[]
  capacity: number | null
  onlineCapacity: number | null
  takesRsvps: boolean
  group: string | null
  hostName: string
  account: string | null
  language: Language
  hosts: NewHost[]
  repeats: string | null
  import: string | null
  sourceId: string | null
  example: boolean
}

/** What is left open in a form or a spreadsheet. */
export const plainActivity: Omit<NewActivity, 'week' | 'kind' | 'title' | 'timing' | 'mode' | 'hosts'> = {
  summary: '',
  description: '',
  state: 'unverified',
  reason: null,
  published: null,
  later: false,
  series: null,
  changes: [],
  place: null,
  joinUrl: null,
  joinDetails: null,
  languages: [],
  access: [],
  signLanguages: [],
  arrive: '',
  welcome: [],
  audiences: [],
  capacity: null,
  onlineCapacity: null,
  takesRsvps: true,
  group: null,
  hostName: '',
  account: null,
  language: 'en',
  repeats: null,
  import: null,
  sourceId: null,
  example: false,
}
