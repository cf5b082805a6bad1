import * as v from 'valibot'
import type { Hand } from '#consent/events.ts'
import { anyOf, formKey, line, maybeEmail, maybeLine, maybeOneOf, oneOf, ticked } from '#kernel/input.ts'
import {
  modes,
  modifiers,
  purposes,
  routes,
  type AgeBand,
  type Circle,
  type Mode,
  type Modifier,
  type Purpose,
} from '#kernel/permission-words.ts'

export const permissionStates = [
  'requested',
  'given',
  'declined',
  'no-answer',
  'suspended',
  'withdrawn',
  'expired',
] as const
export type PermissionState = (typeof permissionStates)[number]

export const placementStates = ['draft', 'held', 'live', 'hidden', 'purged'] as const
export type PlacementState = (typeof placementStates)[number]

/** What every picture can have somebody in it by: it shows faces and bodies, and places. */
export const pictureModes: readonly Mode[] = ['face', 'body', 'place']
/** What words can have somebody in them by. */
export const wordModes: readonly Mode[] = ['name', 'place']

const id = v.pipe(v.optional(v.string('input.choose'), ''), v.uuid('input.choose'))
const maybeId = v.pipe(
  v.optional(v.string('input.choose'), ''),
  v.check((value) => value === '' || /^[0-9a-f-]{36}$/.test(value), 'input.choose'),
  v.transform((value): string | null => (value === '' ? null : value)),
)
/** None, one or several ticks of a form. */
const ids = v.pipe(
  v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
  v.transform((value) => [...new Set([value].flat())]),
  v.maxLength(200, 'input.choose'),
)
const token = v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))
const circle = v.pipe(
  v.optional(v.string('input.choose'), ''),
  v.regex(/^[0-6]$/, 'input.choose'),
  v.transform((value) => Number(value) as Circle),
)

/** A picture or the words of a story, to be shown to a circle. `by` is the teller, proven by the calling room; `can` is how somebody could be in it. */
export type Placing = {
  surface: string
  /** Of what kind the surface is: "story". */
  type: string
  /** null: the words. */
  version: string | null
  circle: Circle
  purpose: Purpose
  modifiers: readonly Modifier[]
  organisation: string | null
  /** When its activity is over; null when it tells of none. */
  notBefore: Date | null
  by: Hand
}

/** What somebody showed of a yes or a no. */
export const seenWords = ['yes', 'no-sign', 'no'] as const

/** Somebody who is in something: known already, or new. */
export type Who =
  | { person: string }
  | { supported: string }
  | { label: string; ageBand: AgeBand; nextChange: string | null }
export type Shown = {
  who: Who
  modes: readonly Mode[]
  /** Names and nicknames as they could be written; kept as keyed hashes only. */
  names: readonly string[]
  /** What they showed of a yes or a no to this very picture. */
  seen: (typeof seenWords)[number] | null
}
/** Who is in one version, as whoever posts it says it. */
export type Saying = {
  surface: string
  version: string | null
  people: readonly Shown[]
  /** Nobody can be recognised; `people` then says whom it is about. */
  nobody: boolean
  by: Hand
}

/** A second person's look: `wrong` were tapped by mistake, `covered` cannot be recognised any more. */
export const checkInput = v.object({
  said: id,
  wrong: ids,
  covered: ids,
})
export type CheckInput = v.InferOutput<typeof checkInput>
/** The same, or that somebody is in it whom nobody said, or that it cannot be told. */
export const lookedInput = v.object({ ...checkInput.entries, missing: ticked })
export type LookedInput = v.InferOutput<typeof lookedInput>

/** Whom to ask, for what. */
export const requestInput = v.object({
  surface: id,
  version: maybeId,
  person: id,
  route: oneOf(routes),
  circle,
  purposes: anyOf(purposes),
  modifiers: anyOf(modifiers),
  modes: anyOf(modes),
  /** One of several parents: what they are called here ("mother"). */
  holder: maybeLine(40),
  formKey,
})
export type RequestInput = v.InferOutput<typeof requestInput>

export const answers = ['yes', 'no', 'not-sure'] as const
export type Answer = (typeof answers)[number]

/** A decision on the person's page. `formHash` names the form that was in front of them. */
export const decideInput = v.object({
  token,
  permission: id,
  answer: oneOf(answers),
  /** No wider than this; when empty, as far as was asked and never beyond the week's public pages. */
  circle: v.pipe(
    v.optional(v.string('input.choose'), ''),
    v.regex(/^[0-6]?$/, 'input.choose'),
    v.transform((value) => (value === '' ? null : (Number(value) as Circle))),
  ),
  modifiers: anyOf(modifiers),
  seen: maybeOneOf(seenWords),
  formHash: maybeLine(80),
  formKey,
})
export type DecideInput = v.InferOutput<typeof decideInput>

export const withdrawInput = v.object({ token, everywhere: ticked, formKey })
export type WithdrawInput = v.InferOutput<typeof withdrawInput>

/** One tap: what was said yes to stays where it is, and goes nowhere beyond our control. */
export const narrowInput = v.object({ token, formKey })
export type NarrowInput = v.InferOutput<typeof narrowInput>

/** One tap: what was seen of a yes or a no, by whoever opened a link. */
export const signInput = v.object({ token, sign: oneOf(['yes', 'no']), formKey })
export type SignInput = v.InferOutput<typeof signInput>

/** One tap: what was seen of a no. By link, or by somebody who supports the person. */
export const objectInput = v.object({
  token: v.optional(token, ''),
  person: maybeId,
  surface: maybeId,
  version: maybeId,
  seen: maybeLine(500),
  formKey,
})
export type ObjectInput = v.InferOutput<typeof objectInput>

export const restoreInput = v.object({ surface: id, reason: line(1000) })
export type RestoreInput = v.InferOutput<typeof restoreInput>
export const liftInput = v.object({ objection: id, reason: line(1000) })

/** How what was closed is opened again: each thing once somebody has looked at it, or as it stands. */
export const openings = ['one-by-one', 'as-it-stands'] as const
export const openInput = v.object({ how: oneOf(openings), reason: line(1000) })
export type OpenInput = v.InferOutput<typeof openInput>

/** An address for reminders, typed on a person's page by whoever opened it; empty: no reminders. */
export const remindInput = v.object({ token, email: maybeEmail, formKey })
export type RemindInput = v.InferOutput<typeof remindInput>

/** What a withdrawal did, told honestly: gone from here when; who was asked to remove it; what cannot be reached. */
export type Receipt = {
  /** The moment from which nothing of it is served by us. */
  gone: Date
  surfaces: readonly string[]
  /** Seconds within which everything that we control has let go of it. */
  within: number
  /** Message keys of places that were asked to remove it. */
  asked: readonly string[]
  /** Message keys of copies that cannot be reached. */
  unreachable: readonly string[]
}

/** The copies of something that stays on the week's pages alone which nobody can take back. */
export const notReachedBeyond = ['consent.receipt.elsewhere', 'consent.receipt.readers'] as const

/** What was also in feeds, from where other sites and social media may have taken it. */
export const elsewhere = 'consent.receipt.elsewhere'

/** The copies of something that is gone from here which nobody can take back. */
export const notReached = [
  'consent.receipt.copies',
  'consent.receipt.search',
  'consent.receipt.readers',
] as const
