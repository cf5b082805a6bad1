import { randomUUID } from 'node:crypto'
import { gatesHold, gatesOf } from '#consent/engine.ts'
import type { Event, Id } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import type { Instant } from '#consent/ranges.ts'
import { eventsOf, type Scope } from '#consent/server/load.ts'
import { append, type Draft, type Written } from '#consent/server/log.ts'
import { keepViews } from '#consent/server/views.ts'
import { sightOf } from '#consent/sight.ts'
import type { Placement, State } from '#consent/state.ts'
import { openStops } from '#consent/stops.ts'
import type { Trx } from '#platform/server/db.ts'

/** How many surfaces are looked at together. */
const together = 100

/** Answers a scope in pieces, so that only so much of the log is in memory at a time; never none. */
export const pieces = ({ surfaces, people }: Scope): Scope[] =>
  Array.from({ length: Math.max(1, Math.ceil(surfaces.length / together)) }, (_, at) => ({
    surfaces: surfaces.slice(at * together, (at + 1) * together),
    people: at === 0 ? people : [],
  }))

/** Answers what is there to be written of surfaces that changed by time alone: what was live and cannot be seen any more is stopped, so that it comes back only by somebody other than its poster. */
export const lapsed = (events: readonly Event[], surfaces: readonly Id[], now: Date): Draft[] =>
  lapsedIn(fold(events), surfaces, now.getTime())

function lapsedIn(state: State, surfaces: readonly Id[], now: Instant): Draft[] {
  return placementsOn(state, surfaces).flatMap((placement): Draft[] => {
    const { id, surface, live } = placement
    if (live === null || openStops(state, surface).some((stop) => stop.placement === id)) return []
    if (hasFuture(state, placement, now)) return []
    const stop = { stop: randomUUID(), surface, placement: id, why: 'hidden' as const, own: false }
    return [{ facts: { kind: 'stopped', ...stop }, by: 'site' }]
  })
}

/** What lacks nothing any more, except perhaps time, is live. */
const goesLive = (state: State, surfaces: readonly Id[], now: Instant): Draft[] =>
  placementsOn(state, surfaces)
    .filter((placement) => placement.live === null && hasFuture(state, placement, now))
    .map(({ id, surface }) => ({ facts: { kind: 'live', placement: id, surface }, by: 'site' }))

const placementsOn = (state: State, surfaces: readonly Id[]): Placement[] =>
  surfaces.flatMap((surface) => state.placed.get(surface) ?? []).filter(({ purged }) => !purged)

const hasFuture = (state: State, placement: Placement, now: Instant): boolean =>
  gatesHold(gatesOf(sightOf(state, placement.surface), placement)).some(([, to]) => to > now)

/** Makes anew what may be seen of a scope, after something was written about it; answers what follows from it and was written besides. */
export async function settle(trx: Trx, scope: Scope, now: Date): Promise<Written[]> {
  const written: Written[] = []
  for (const piece of pieces(scope)) {
    const events = await eventsOf(trx, piece)
    const state = fold(events)
    const at = now.getTime()
    const follows = [...goesLive(state, piece.surfaces, at), ...lapsedIn(state, piece.surfaces, at)]
    const more = await append(trx, follows, now)
    written.push(...more)
    await keepViews(trx, more.length === 0 ? state : fold([...events, ...more]), piece, now)
  }
  return written
}
