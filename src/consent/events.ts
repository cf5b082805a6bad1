import type { HolderSort } from '#consent/holder.ts'
import type { Instant } from '#consent/ranges.ts'
import type { AgeBand, Circle, Mode, Modifier, Purpose, Route } from '#kernel/permission-words.ts'

export type Id = string
/** Whose hand did it: an account's id, "link:…" for whoever holds a mailed or handed-over link, or "site". */
export type Hand = string

/** What a decision, a record or an objection is about, narrow to wide: one version, one surface, or everything of a kind that an organisation shows. */
export type About = {
  kind: string
  organisation: Id | null
  surface: Id | null
  version: Id | null
}

export type Scope = {
  circle: Circle
  purposes: readonly Purpose[]
  modifiers: readonly Modifier[]
  modes: readonly Mode[]
}

/** What was seen of the person: a yes; looked for, and no sign of a no. */
export type Assent = 'yes' | 'no-sign'

/** Who said an objection: the person; somebody who decides for them; or it was seen. */
export type Whose = 'person' | 'decider' | 'observed'

/** What an organisation's policy says, as far as it decides what may be seen: no words of anybody. */
export type Rules = {
  widest: Partial<Record<Route, Circle>>
  purposes: readonly Purpose[]
  days: Partial<Record<Route, number>> & { other: number }
  /** Whether the Art. 6 basis is written. */
  basis: boolean
  /** Whether the Art. 9 condition is written. */
  condition: boolean
  askedAgainAt: number
  decidesAt: number
  parentToo: boolean
  /** From which age somebody can decide for another by a paper. */
  paperFrom: number
  delay: number
}

/** Authority, capacity, competence, best interests, and who holds parental responsibility. */
export type RecordFacts =
  | {
      type: 'authority'
      about: About
      /** Health and welfare, not property alone. */
      welfare: boolean
      registered: boolean
      /** Whether whoever wrote it down saw the paper and may say so for others; in a family nobody does. */
      sighted: boolean
      starts: Instant
      ends: Instant | null
    }
  | { type: 'capacity'; about: About; outcome: 'has' | 'lacks' | 'fluctuates'; review: Instant }
  | { type: 'competence'; about: About; outcome: 'competent' | 'not-competent' }
  | {
      type: 'best-interests'
      about: About
      decider: Hand
      /** How many were consulted. */
      consulted: number
      /** The widest circle that was found to be in their interests; null: none. */
      circle: Circle | null
      purposes: readonly Purpose[]
      review: Instant
    }
  /** One of those who hold parental responsibility; foster carers do not. */
  | { type: 'holder'; holder: Id; as: HolderSort }
  /** Whoever keeps the records says that no other holder is known; one who is added later is asked all the same. */
  | { type: 'holders-all' }

/** How a room takes something of its own from where people could see it: somebody else took it down, its maker took it away, it was declined, it is found by its address only, or its maker is asked for more. */
export type PutAway = 'taken-down' | 'taken-away' | 'declined' | 'by-link' | 'asked-for-more'

/** What somebody of the family of a person who has died can say: never anything new. */
export type StewardAnswer = 'keep-down' | 'as-allowed' | 'not-now'

/** Everything that can happen. Facts are ids, codes and moments; words of people lie elsewhere. Whatever takes back names what it takes back, so that the order of arrival does not matter. */
export type Facts =
  | { kind: 'surface'; surface: Id; type: string; circle: Circle; notBefore: Instant | null }
  | { kind: 'version'; version: Id; surface: Id; source: Id | null; maker: Hand }
  | { kind: 'described'; version: Id; surface: Id; described: boolean }
  | {
      kind: 'placed'
      placement: Id
      surface: Id
      /** null: the words of the surface. */
      version: Id | null
      circle: Circle
      purpose: Purpose
      modifiers: readonly Modifier[]
      organisation: Id | null
    }
  | { kind: 'asked'; placement: Id; surface: Id }
  | { kind: 'live'; placement: Id; surface: Id }
  | { kind: 'purged'; placement: Id; surface: Id }
  | {
      kind: 'appears'
      appearance: Id
      surface: Id
      version: Id | null
      /** null: nobody knows yet whether there is somebody, and whom. */
      person: Id | null
      modes: readonly Mode[]
      assent: Assent | null
    }
  /** Names that the site found in the words of a surface are not there any more; or somebody else has looked, and they are not the names of those people. */
  | { kind: 'unnamed'; surface: Id; appearances: readonly Id[] }
  | {
      kind: 'said'
      said: Id
      surface: Id
      version: Id | null
      /** Nobody can be recognised in it. */
      nobody: boolean
      appearances: readonly Id[]
    }
  | {
      kind: 'checked'
      said: Id
      surface: Id
      version: Id | null
      /** Appearances that are none any more: unresolved ones, and people whom an edit covers. A no of theirs is still obeyed. */
      ends: readonly Id[]
      /** Appearances that never were: the wrong person was tapped. */
      wrong: readonly Id[]
    }
  | {
      kind: 'person'
      person: Id
      organisation: Id | null
      band: AgeBand
      /** When the next band begins. */
      nextChange: Instant | null
      notLocatable: boolean
      doNotShow: boolean
    }
  | { kind: 'died'; person: Id }
  /** That they have died was written down by mistake: it takes back each time that it was said before. */
  | { kind: 'death-mistaken'; person: Id }
  /** Somebody of the family of a person who has died can be asked: by a link that is handed over. */
  | { kind: 'steward'; steward: Id; person: Id }
  /** What they said: it stays taken down, for good; it may be shown again as it was allowed; not now. */
  | { kind: 'steward-said'; steward: Id; person: Id; answer: StewardAnswer }
  | { kind: 'forgotten'; person: Id }
  | {
      kind: 'requested'
      permission: Id
      person: Id
      surface: Id | null
      about: About
      route: Route
      scope: Scope
      starts: Instant
      ends: Instant
      /** From when a policy counts its days: the end of the week. */
      base: Instant
    }
  | {
      kind: 'given'
      permission: Id
      person: Id
      surface: Id | null
      /** Never wider than what was asked. */
      scope: Scope
      /** The versions that were looked at (null among them: the words); null for a series, where each picture is tapped. */
      seen: readonly (Id | null)[] | null
      assent: Assent | null
      /** The noes that whoever said one takes back with this yes. */
      after: readonly Id[]
      authority: Id | null
      capacity: Id | null
      bestInterests: Id | null
      /** The hash of the very form that was shown. */
      form: string | null
      /** The first moment of the day on which a form on paper was signed, which may lie long before it was written down; null: it was answered here. */
      signed: Instant | null
    }
  /** One of those who hold parental responsibility; a yes goes no further than its circle. */
  | { kind: 'answered'; permission: Id; person: Id; holder: Id; answer: 'yes' | 'no'; circle: Circle }
  | { kind: 'declined'; permission: Id; person: Id }
  | { kind: 'withdrawn'; permission: Id; person: Id }
  | { kind: 'expired'; permission: Id; person: Id }
  | {
      kind: 'suspended'
      suspension: Id
      permission: Id
      person: Id
      why: 'not-sure' | 'asked-again' | 'moved'
    }
  | { kind: 'resumed'; suspensions: readonly Id[]; person: Id }
  | {
      kind: 'objected'
      objection: Id
      /** null: somebody in it, nobody knows yet who. */
      person: Id | null
      surface: Id | null
      version: Id | null
      whose: Whose
    }
  /** Whoever decides took back that it may go further than a circle; what is shown to that circle stays. A no like any other, to what is wider. */
  | {
      kind: 'narrowed'
      narrowing: Id
      person: Id
      surface: Id | null
      circle: Circle
      whose: Exclude<Whose, 'observed'>
    }
  | { kind: 'objection-ended'; objections: readonly Id[]; person: Id | null; surface: Id | null }
  | {
      kind: 'stopped'
      stop: Id
      surface: Id
      /** null: the whole surface. */
      placement: Id | null
      why: 'taken-down' | 'alike' | 'hidden' | 'held'
      /** The person's own no: nobody restores against it. */
      own: boolean
    }
  /** The room that owns it took something of its own from where people could see it: of no effect on permission, and kept for a restore. */
  | { kind: 'put-away'; surface: Id; how: PutAway }
  | { kind: 'restored'; surface: Id; stops: readonly Id[]; placements: readonly Id[] }
  | { kind: 'hold'; hold: Id; surface: Id; openers: readonly Hand[]; until: Instant }
  | { kind: 'hold-ended'; hold: Id; surface: Id }
  | { kind: 'record'; record: Id; person: Id; facts: RecordFacts }
  /** Somebody independent looked at a decision in somebody's best interests, for the week's public pages, or saw the paper by which somebody decides. */
  | { kind: 'reviewed'; record: Id; person: Id }
  /** Or looked at it, and would not decide it so, or found no such paper. */
  | { kind: 'disagreed'; record: Id; person: Id }
  | { kind: 'record-ended'; record: Id; person: Id }
  | { kind: 'policy'; organisation: Id; version: number; rules: Rules }
  /** Somebody opened what is held, or read evidence; changes nothing. */
  | { kind: 'opened'; surface: Id | null; person: Id | null; what: string }

/** Something that happened: where it stands in the log, when it was written down, and by whom. */
export type Event = { n: number; at: Instant; by: Hand } & Facts
export type EventKind = Facts['kind']
