import { gatesHold, gatesOf, type Gates } from '#consent/engine.ts'
import type { Id } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import { sightOf, type Sight } from '#consent/sight.ts'
import type { Placement, State } from '#consent/state.ts'
import { broughtBack, openStops, underNow } from '#consent/stops.ts'
import type { Why } from '#consent/why.ts'

/** How a surface stands that somebody could bring back. */
export type Told = {
  sight: Sight
  /** Bringing it back would let it be seen. */
  waits: boolean
  /** And all that hid it, or kept a part of it from ever being seen, is a policy that is not in force any more. */
  back: boolean
  /** The parts of which that is so. */
  parts: ReadonlySet<Id>
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
  return { waits, back: waits && stops.every(({ why }) => why === 'hidden') && !seenIn(state) }
}

/** Answers what was asked for and never seen, and is kept from it by nothing but a policy that is not in force any more: what is loosened publishes nothing, so somebody has to let it through. */
function heldByPast(state: State, loose: Sight, now: Instant): Placement[] {
  const { surface } = loose
  if (openStops(state, surface).length > 0) return []
  const sight = sightOf(state, surface)
  return (state.placed.get(surface) ?? []).filter(
    (placement) =>
      placement.asked !== null &&
      placement.live === null &&
      !placement.purged &&
      hasFuture(gatesOf(loose, placement), now) &&
      !hasFuture(gatesOf(sight, placement), now),
  )
}

/** Answers a surface as it is told of to those who ask what is missing: by the policies in force now. Where one of the past is all that hides it, somebody only has to bring it back. */
export const toldAs = (state: State, surface: Id, now: Instant): Told => {
  const { waits, back } = waitsFor(state, surface, now)
  const sight = sightOf(back ? broughtBack(state, surface, now) : underNow(state, surface, now), surface)
  const all = state.placed.get(surface) ?? []
  const parts = new Set((back ? all : heldByPast(state, sight, now)).map(({ id }) => id))
  return { sight, parts, waits: waits || parts.size > 0, back: back || (!waits && parts.size > 0) }
}

const hasFuture = ({ needs, people }: Gates, now: Instant): boolean =>
  gatesHold({ needs: needs.filter(({ why }) => !undone.includes(why)), people }).some(([, to]) => to > now)
