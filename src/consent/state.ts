import type { About, Assent, Hand, Id, RecordFacts, Rules, Scope, Whose } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import type { AgeBand, Circle, Mode, Modifier, Purpose, Route } from '#kernel/permission-words.ts'

/** What follows from the log. Every map is by id; nothing in it is changed after the fold. */
export type State = {
  surfaces: Map<Id, Surface>
  versions: Map<Id, Version>
  placements: Map<Id, Placement>
  /** By surface. */
  placed: Map<Id, Placement[]>
  /** By `partOf`. */
  appearances: Map<string, Appearance[]>
  sayings: Map<Id, Saying>
  checks: Map<string, Check[]>
  people: Map<Id, Person>
  /** By person. */
  permissions: Map<Id, Permission[]>
  /** The same by their own id. */
  asked: Map<Id, Permission>
  /** By person; "" for somebody nobody knows. */
  objections: Map<Id, Objection[]>
  /** By person. */
  records: Map<Id, Record[]>
  /** Who looked at a decision again, or saw the paper that it rests on, by its record. */
  reviews: Taken
  /** Who looked and did not agree, or found no such paper. */
  disagreed: Taken
  /** By surface. */
  stops: Map<Id, Stop[]>
  holds: Map<Id, Hold[]>
  /** By organisation, oldest first. */
  policies: Map<Id, Policy[]>
  /** By person who has died. */
  stewards: Map<Id, Steward[]>
  /** Of whom somebody said that all stays taken down, and where in the log they said so last. */
  keptDown: Map<Id, number>
  taken: Taken
}

/** What was taken back, by the id of what it takes back: resumed suspensions, ended objections, names that are gone, restored stops and placements, ended records and holds. */
export type Taken = Map<Id, { by: Hand; at: Instant; n: number }[]>

export type Surface = { id: Id; type: string; circle: Circle; notBefore: Instant | null; n: number }
export type Version = {
  id: Id
  surface: Id
  source: Id | null
  maker: Hand
  described: { is: boolean; at: Instant; n: number } | null
}
export type Placement = {
  id: Id
  surface: Id
  version: Id | null
  circle: Circle
  purpose: Purpose
  modifiers: readonly Modifier[]
  organisation: Id | null
  postedBy: Hand
  placed: Instant
  asked: Instant | null
  live: Instant | null
  /** Where in the log it went live first. */
  liveAs: number
  purged: boolean
}
export type Appearance = {
  id: Id
  person: Id | null
  modes: readonly Mode[]
  assent: Assent | null
  at: Instant
  by: Hand
}
export type Saying = {
  id: Id
  surface: Id
  version: Id | null
  nobody: boolean
  appearances: readonly Id[]
  by: Hand
  n: number
}
export type Check = {
  said: Id
  ends: readonly Id[]
  wrong: readonly Id[]
  by: Hand
  at: Instant
  n: number
}
export type Person = {
  id: Id
  organisation: Id | null
  band: AgeBand
  nextChange: Instant | null
  notLocatable: boolean
  doNotShow: boolean
  /** Where in the log it stands that they have died, the first and the last time of those that were no mistake. */
  died: { first: number; last: number } | null
  /** Since when it is known that it was a mistake that they had died; null: that was never written down. */
  alive: Instant | null
  forgotten: boolean
  n: number
}
export type Given = {
  at: Instant
  n: number
  by: Hand
  scope: Scope
  seen: readonly (Id | null)[] | null
  assent: Assent | null
  after: readonly Id[]
  authority: Id | null
  capacity: Id | null
  bestInterests: Id | null
  form: string | null
  signed: Instant | null
}
export type Final = 'declined' | 'withdrawn' | 'expired'
export type Permission = {
  id: Id
  person: Id
  surface: Id | null
  about: About
  route: Route
  scope: Scope
  starts: Instant
  ends: Instant
  base: Instant
  given: Given | null
  finals: Set<Final>
  answers: { holder: Id; answer: 'yes' | 'no'; circle: Circle; at: Instant; by: Hand }[]
  suspensions: { id: Id; why: 'not-sure' | 'asked-again' | 'moved' }[]
}
export type Objection = {
  id: Id
  surface: Id | null
  version: Id | null
  whose: Whose
  by: Hand
  at: Instant
  /** A no to what goes further than this alone; null: to all of it. */
  beyond: Circle | null
}
export type Record = { id: Id; at: Instant; n: number; by: Hand; facts: RecordFacts }
export type Stop = {
  id: Id
  placement: Id | null
  why: string
  own: boolean
  by: Hand
  at: Instant
  n: number
}
export type Hold = { id: Id; openers: readonly Hand[]; until: Instant }
/** Somebody of the family who can be asked, and when they said that it may be shown again. */
export type Steward = { id: Id; by: Hand; n: number; yes: { by: Hand; n: number }[] }
export type Policy = { at: Instant; n: number; rules: Rules }

/** Names the pictures and the words of a surface alike: a version's id, or the words of a surface. */
export const partOf = (surface: Id, version: Id | null): string => version ?? `words:${surface}`

export const emptyState = (): State => ({
  surfaces: new Map(),
  versions: new Map(),
  placements: new Map(),
  placed: new Map(),
  appearances: new Map(),
  sayings: new Map(),
  checks: new Map(),
  people: new Map(),
  permissions: new Map(),
  asked: new Map(),
  objections: new Map(),
  records: new Map(),
  reviews: new Map(),
  disagreed: new Map(),
  stops: new Map(),
  holds: new Map(),
  policies: new Map(),
  stewards: new Map(),
  keptDown: new Map(),
  taken: new Map(),
})
