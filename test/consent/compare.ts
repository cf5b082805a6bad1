import { expect } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { Event } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { always, meet, within, type Ranges } from '#consent/ranges.ts'
import { placementIds, surfaceIds } from './parts.ts'

/** Answers when everything in the small world may be seen. */
export function allShows(events: readonly Event[]): Map<string, Ranges> {
  const state = fold(events)
  const there = placementIds.filter((id) => state.placements.has(id))
  return new Map([...there, ...surfaceIds].map((id) => [id, showsOf(state, id)]))
}

/** Expects that nothing may be seen after that could not be seen before, in a stretch of time. */
export function expectNoMore(
  after: readonly Event[],
  before: readonly Event[],
  during: Ranges = always,
): void {
  const were = allShows(before)
  for (const [id, shows] of allShows(after)) {
    const then = were.get(id) ?? []
    const now = meet(shows, during)
    expect({ id, within: within(now, then), now, then }).toMatchObject({ id, within: true })
  }
}

/** Expects that the same may be seen, in a stretch of time. */
export function expectSame(one: readonly Event[], other: readonly Event[], during: Ranges = always): void {
  const theirs = allShows(other)
  for (const [id, shows] of allShows(one)) {
    expect({ id, shows: meet(shows, during) }).toEqual({ id, shows: meet(theirs.get(id) ?? [], during) })
  }
}
