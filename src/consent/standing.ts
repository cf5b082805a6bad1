import type { PermissionState, PlacementState } from '#consent/permission.ts'
import type { MessageKey, MessageParams } from '#kernel/messages.ts'
import type { AgeBand, Circle, Mode, Modifier, Purpose, Route } from '#kernel/permission-words.ts'

/** A plain sentence: what is missing, or why something is hidden. */
export type Said = { key: MessageKey; params: MessageParams }

export type Light = 'green' | 'amber' | 'red'

/** How one placement stands: green is shown or will be by itself; amber waits for somebody; red cannot be shown. */
export type PlacementStanding = {
  placement: string
  version: string | null
  circle: Circle
  state: PlacementState
  light: Light
  missing: readonly Said[]
  /** The same, person by person. */
  people: readonly {
    person: string
    label: string
    light: Light
    missing: readonly Said[]
    /** By which way it is decided for them, as far as anybody was asked. */
    route: Route | null
  }[]
  /** Nobody can be recognised in it. */
  nobody: boolean
  /** Whether a story without a face would do: hands, drawn, told in words, the practitioner reflects. */
  offerFaceless: boolean
  /** Whether it may go to feeds and other sites as well at this moment. */
  beyond: boolean
}

export type Standing = {
  surface: string
  light: Light
  /** Whether permission lets it be seen at this moment. */
  shown: boolean
  /** From when it is shown, if it is only waiting for a moment. */
  from: Date | null
  until: Date | null
  missing: readonly Said[]
  placements: readonly PlacementStanding[]
}

/** What waits for a second person. */
export type Waiting = {
  /** null: a no that was seen everywhere. */
  surface: string | null
  version: string | null
  /** null: nobody has said yet who is in it. */
  said: string | null
  /** A no that was seen; null: it is none. */
  objection: string | null
  /** A decision in somebody's best interests that somebody independent looks at; null: it is none. */
  record: string | null
  /** `sight`: the paper by which somebody decides for another. */
  what: 'check' | 'restore' | 'objection' | 'sight' | 'look'
  since: Date
  organisation: string | null
}

/** What a tighter policy hid, and the policy in force would allow again. */
export type HiddenByPolicy = {
  surface: string
  /** Since when it can come back. */
  since: Date | null
  /** How many pictures are hidden with it. */
  pictures: number
  /** Who answers for it. */
  organisation: string | null
  name: string | null
}

/** What another policy would do at once. */
export type PolicyEffect = {
  /** How many stories it would hide, and how many pictures with them. */
  stories: number
  pictures: number
  /** How many pictures would stay on the site and go into feeds and to other sites no more. */
  feeds: number
  /** How many stories that a policy hid could come back, once somebody has looked. */
  back: number
}

/** Who was said to be in something, for whoever checks it. */
export type ToCheck = {
  said: string
  surface: string
  version: string | null
  nobody: boolean
  by: string
  /** Parts of it were covered, and nobody else has looked at that yet. */
  covered: boolean
  appearances: readonly {
    id: string
    person: string
    /** "" for whoever does not belong to who answers for it. */
    label: string
    modes: readonly Mode[]
    source: boolean
    /** It was said before, and not this time. */
    before: boolean
  }[]
  /** Whose names were found in the words of its surface. */
  names: readonly { id: string; person: string; label: string }[]
}

/** Something that is hidden, for whoever may bring it back. */
export type ToRestore = {
  surface: string
  since: Date | null
  /** Why it was hidden: taken down, like a withdrawn picture, hidden by itself, held. */
  stops: readonly string[]
  versions: readonly string[]
  /** How many more are gone for everybody, because somebody in them said or showed no, or took back their yes. */
  gone: number
  noes: readonly { id: string; label: string; seen: string; at: Date }[]
  /** A no of somebody in it, or of whoever decides for them; a no that was seen, and is over; null: neither. */
  because: 'no' | 'no-over' | null
  /** Somebody in it has died, and their family said that it may be shown again as it was allowed. */
  family: boolean
  /** The person said no themselves: nobody brings it back. */
  own: boolean
  /** Why it would not be seen even then. */
  missing: readonly Said[]
}

/** A no that was seen, wherever the person is shown. */
export type SeenNo = {
  id: string
  label: string
  seen: string
  at: Date
  everywhere: boolean
  surfaces: number
  /** Where they are shown, newest first, at most 20, as far as whoever looks at the no may look there; and how many are gone for all since somebody's no. */
  on: readonly { surface: string; versions: readonly string[]; gone: number }[]
}

/** One person's page: what is shown, where, to whom, and what is asked. */
export type PersonPage = {
  person: string
  label: string
  ageBand: AgeBand
  /** Null while they live; else whether anything of them may be seen again. */
  died: 'rests' | 'again' | null
  part: 'decide' | 'holder' | 'reads'
  surface: string
  /** Who answers for it, and on which basis, in their own words; null: whoever posts it, alone. */
  organisation: { name: string; basis: string; condition: string } | null
  /** What whoever holds this link has answered as one of several. */
  answered: 'yes' | 'no' | null
  asked: readonly {
    permission: string
    state: PermissionState
    route: Route
    circle: Circle
    purposes: readonly Purpose[]
    modifiers: readonly Modifier[]
    modes: readonly Mode[]
    /** How far it was asked for. */
    widest: Circle
    /** How far whoever holds this link said yes, without what was taken back since; null: not yet. */
    allowed: Circle | null
    /** Since when it goes less far than they said. */
    narrowed: Date | null
    ends: Date
    /** The very form that was answered. */
    form: string | null
  }[]
  placements: readonly {
    placement: string
    surface: string
    version: string | null
    circle: Circle
    state: PlacementState
    shown: boolean
    until: Date | null
  }[]
}

export type RunsOut = {
  permission: string
  person: string
  label: string
  surface: string | null
  ends: Date
  why: 'ends' | 'age' | 'review'
}

/** What an organisation's lead sees, without being in every step. */
export type LeadView = {
  shown: number
  held: number
  hidden: number
  waiting: readonly Waiting[]
  runsOut: readonly RunsOut[]
}

/** What other rooms need to know of a surface. */
export type SurfaceView = {
  id: string
  circle: Circle
  /** Public at this moment. */
  shown: boolean
  held: boolean
  /** Whether place, organisation, time, group, host and activity may be told with it (rule 15). */
  locatable: boolean
  /** The next moment at which it changes by itself. */
  changes: Date | null
  versions: readonly { version: string; circle: Circle; shown: boolean }[]
}
