import { underPoliciesNow } from '#consent/ceiling.ts'
import { gatesHold, gatesOf, missingAt, type Gates, type Missing } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import { never, type Instant } from '#consent/ranges.ts'
import type { Need } from '#consent/routes.ts'
import { sightOf, type Sight } from '#consent/sight.ts'
import type { Placement, State, Stop } from '#consent/state.ts'
import { broughtBack, openStops } from '#consent/stops.ts'
import type { Why } from '#consent/why.ts'

/** How a surface stands that somebody could bring back. */
export type Told = {
  sight: Sight
  /** Bringing it back would let it be seen. */
  waits: boolean
  /** And all that hid it is a policy that is not in force any more. */
  back: boolean
}

/** What whoever brings something back takes away with it; a hold waits with the concern about it. */
const undone: readonly Why[] = ['taken-down', 'second-person', 'hold']

/** Answers whether all that keeps a surface hidden is that somebody has to bring it back, asked of the engine as if somebody had: noes, ends and the policies in force now count, policies of the past do not. */
function waitsFor(state: State, surface: Id, now: Instant): Pick<Told, 'waits' | 'back'> {
  const stops = openStops(state, surface)
  if (stops.length === 0 || stops.some(({ own }) => own)) return { waits: false, back: false }
  const lived = (state.placed.get(surface) ?? []).filter(({ live, purged }) => live !== null && !purged)
  const seenIn = (one: State): boolean => {
    const sight = sightOf(one, surface)
    return lived.every((placement: Placement) => hasFuture(gatesOf(sight, placement), now))
  }
  const waits = seenIn(broughtBack(state, surface, now))
  return { waits, back: waits && stops.every((stop) => isByPolicy(state, stop)) && !seenIn(state) }
}

/** A change of policy hides in its own transaction, so what it hid was stopped at that moment and after it in the log; what an older policy would forbid as well may have been hidden by something else. */
const isByPolicy = (state: State, stop: Stop): boolean =>
  stop.why === 'hidden' &&
  [...state.policies.values()].some((all) => all.slice(1).some(({ at, n }) => at === stop.at && n < stop.n))

/** Answers a surface as it is told of to those who ask what is missing, by the policies in force now: where one of the past is all that hides it, somebody only has to bring it back. */
export const toldAs = (state: State, surface: Id, now: Instant): Told => {
  const how = waitsFor(state, surface, now)
  const as = how.back ? broughtBack(state, surface, now) : underPoliciesNow(state)
  return { ...how, sight: sightOf(as, surface) }
}

/** Answers what somebody lacks as whoever posted it is told: what they showed was said already, and waits for somebody to look at it. */
export function saidOf(
  state: State,
  { surface, version }: Placement,
  { person, whys }: Missing['people'][number],
): Why[] {
  const newest = [...state.sayings.values()]
    .filter((one) => one.surface === surface && one.version === version)
    .toSorted((one, other) => other.n - one.n)[0]
  const checked = [...state.checks.values()].flat().some(({ said }) => said === newest?.id)
  if (newest === undefined || checked) return whys
  const young = ['under-13', '13-15'].includes(state.people.get(person)?.band ?? '')
  const seen = [...state.appearances.values()]
    .flat()
    .flatMap((one) => (one.person === person && newest.appearances.includes(one.id) ? [one.assent] : []))
  if (seen.every((assent) => assent === null)) return whys
  const told: Why = young && !seen.includes('yes') ? 'yes-unseen' : 'assent-unchecked'
  return whys.map((why) => (why === 'assent' || why === 'yes-unseen' ? told : why))
}

/** What holds by itself once its time has come. */
export const inTime: readonly Why[] = ['not-over', 'later']

/** Answers the gates of a placement as they are told: what is like a withdrawn picture is told of as any other that somebody still has to look at, which says nothing of what it is like (rule 25). */
export function asAnyOther(state: State, { id, surface, live }: Placement, { needs, people }: Gates): Gates {
  const stops = openStops(state, surface).filter(({ placement }) => placement === id)
  if (live !== null || stops.length === 0 || stops.some(({ why }) => why !== 'alike'))
    return { needs, people }
  const told = needs
    .filter(({ why }) => why !== 'second-person')
    .map((need) => (need.why === 'who-is-in-it' ? { ...need, when: never } : need))
  return { needs: told, people }
}

/** Answers why something is not seen, once each. */
export const reasonsOf = ({ own, people }: Missing): Why[] => [
  ...new Set([...own, ...people.flatMap(({ whys }) => whys)]),
]

/** Answers what a placement lacks as it is told: by the policies in force now. What only one of the past keeps back was asked for under it, and is asked for anew; once it was shown, a second person looks. */
export function lacksOf(
  back: boolean,
  { live }: Placement,
  { gates, told }: { gates: Gates; told: Gates },
  now: Instant,
): Missing {
  const { own, people } = missingAt(told, now)
  if (back) return { own: ['second-person', ...own], people }
  const lacks = reasonsOf({ own, people })
  const older = reasonsOf(missingAt(gates, now)).some((why) => !inTime.includes(why) && !lacks.includes(why))
  if (!older) return { own, people }
  const then: Why = live === null ? 'asked-before' : 'second-person'
  return { own: [...new Set([then, ...own])], people }
}

/** Answers whether nothing but a policy of the past keeps back what was asked for and never shown, so that asking anew helps. */
export function askedBefore(state: State, placement: Placement, now: Instant): boolean {
  if (placement.asked === null || placement.live !== null) return false
  const gatesIn = (one: State): Gates => gatesOf(sightOf(one, placement.surface), placement)
  const both = { gates: gatesIn(state), told: gatesIn(underPoliciesNow(state)) }
  return lacksOf(false, placement, both, now).own.includes('asked-before')
}

function hasFuture({ needs, people }: Gates, now: Instant): boolean {
  const left = (all: readonly Need[]): Need[] => all.filter(({ why }) => !undone.includes(why))
  const others = people.map((one) => ({ ...one, needs: left(one.needs) }))
  return gatesHold({ needs: left(needs), people: others }).some(([, to]) => to > now)
}
