import * as v from 'valibot'
import {
  email,
  formKey,
  line,
  maybeLine,
  maybeOneOf,
  maybeText,
  maybeWhole,
  oneOf,
  ticked,
} from '#kernel/input.ts'
import { day } from '#kernel/limits.ts'
import { joinings, mostSeats } from '#activities/seats.ts'

export const rsvpStates = [
  'held',
  'asked',
  'going',
  'waiting',
  'cancelled',
  'expired',
  'not-accepted',
] as const
export type RsvpState = (typeof rsvpStates)[number]

/** What a guest needs, said to the host, is deleted this long after. */
export const requestKept = 30 * day
/** A guest's name and address are forgotten this long after; the numbers stay. */
export const guestKept = 90 * day
/** What was never confirmed is removed after this long; until then the mailed link still works. */
export const unconfirmedKept = 7 * day

const yesNo = maybeOneOf(['yes', 'no'])
const token = line(64)
const people = v.pipe(
  maybeWhole(1, mostSeats),
  v.transform((seats) => seats ?? 1),
)

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const maybeId = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.check((value) => value === '' || uuid.test(value), 'input.choose'),
  v.transform((value) => (value === '' ? null : value)),
)

/** What somebody says who would like to come, in the order of the form. */
export const coming = v.pipe(
  v.object({
    slug: line(80),
    occurrence: maybeId,
    joining: maybeOneOf(joinings),
    email,
    name: maybeLine(80),
    seats: people,
    isNew: yesNo,
    request: maybeText(1000),
    agreed: ticked,
    formKey,
  }),
  v.forward(
    v.partialCheck(
      [['request'], ['agreed']],
      (input) => input.request === null || input.agreed,
      'come.agree',
    ),
    ['agreed'],
  ),
)
export type Coming = v.InferOutput<typeof coming>

/** What of it is chosen among what there is, read also while something else is wrong. */
export const comingWish = v.object({
  slug: line(80),
  seats: v.fallback(people, 1),
  joining: v.fallback(maybeOneOf(joinings), null),
  occurrence: v.fallback(maybeId, null),
})
export type ComingWish = v.InferOutput<typeof comingWish>

/** A press on a guest's own page. */
export const guestPress = v.object({ token })
export type GuestPress = v.InferOutput<typeof guestPress>

/** How many people come after all. */
export const newSeats = v.object({ token, seats: v.pipe(maybeWhole(1, mostSeats), v.number('input.needed')) })
export type NewSeats = v.InferOutput<typeof newSeats>

/** Whether they came, and whether it was new to them; an answer that was not given stays as it was. */
export const guestAnswers = v.object({ token, came: yesNo, isNew: yesNo })
export type GuestAnswers = v.InferOutput<typeof guestAnswers>

/** "Send me a new link." */
export const linkWish = v.object({ email, formKey })
export type LinkWish = v.InferOutput<typeof linkWish>

/** The host's answer to one guest. */
export const hostAnswer = v.object({
  token,
  rsvp: v.pipe(v.string('input.choose'), v.regex(uuid, 'input.choose')),
  answer: oneOf(['yes', 'no']),
  reason: maybeText(500),
})
export type HostAnswer = v.InferOutput<typeof hostAnswer>

/** The host's words to everybody who comes. */
export const hostMessage = v.object({
  token,
  words: v.pipe(maybeText(2000), v.string('input.needed')),
  formKey,
})
export type HostMessage = v.InferOutput<typeof hostMessage>

export const guestActions = [
  'confirm',
  'give-back',
  'take-again',
  'change-seats',
  'see-place',
  'say-came',
  'say-new',
] as const
export type GuestAction = (typeof guestActions)[number]

/** Why something does not happen, as its guests may know it. Why it is not shown, by a decision or while somebody looks at it, is nobody's business but its host's. */
export type Off = 'called-off' | 'date-off' | 'taken-away' | 'not-shown'

export type GuestFacts = {
  state: RsvpState
  /** The host says yes to each guest first. */
  asks: boolean
  accepted: boolean
  /** The activity, or this date of it, does not happen. */
  off: boolean
  /** It is not shown at the moment, and nobody can say whether it happens. */
  unsure: boolean
  started: boolean
  over: boolean
}

/** What somebody with a guest's link may do. Default no. */
export function mayGuest(action: GuestAction, facts: GuestFacts): boolean {
  const ahead = !facts.off && !facts.over
  switch (action) {
    case 'confirm':
      return ahead && (facts.state === 'held' || facts.state === 'expired')
    case 'give-back':
      return (
        (ahead || (facts.unsure && !facts.over)) &&
        ['held', 'asked', 'going', 'waiting'].includes(facts.state)
      )
    case 'take-again':
      return ahead && facts.state === 'cancelled'
    case 'change-seats':
      return ahead && ['held', 'asked', 'going', 'waiting'].includes(facts.state)
    case 'see-place':
      return !facts.off && facts.state === 'going' && (!facts.asks || facts.accepted)
    case 'say-came':
      return !facts.off && facts.started && facts.state === 'going'
    case 'say-new':
      return !facts.off && facts.state === 'going'
  }
}
