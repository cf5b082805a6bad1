import type { Mode } from '#activities/activity.ts'
import { minute } from '#kernel/limits.ts'

export const joinings = ['in-person', 'online'] as const
export type Joining = (typeof joinings)[number]

/** A seat is kept this long for somebody who has not yet confirmed from the mail. */
export const keptFor = 30 * minute
/** The most people one guest may bring, themselves included. */
export const mostSeats = 10

export type Capacities = { mode: Mode; capacity: number | null; onlineCapacity: number | null }

/** The ways to be part of it; none when it happens nowhere special. */
export const waysToJoin = (mode: Mode): readonly Joining[] =>
  mode === 'nowhere' ? [] : mode === 'hybrid' ? joinings : [mode]

/** How many can join in one way, each date for itself; null = as many as like. An online activity may have its number in either place. */
export const capacityOf = (activity: Capacities, joining: Joining): number | null =>
  joining === 'in-person'
    ? activity.capacity
    : (activity.onlineCapacity ?? (activity.mode === 'online' ? activity.capacity : null))

/** Whether every way to be part of it is full. */
export const allFull = (mode: Mode, full: readonly Joining[] = []): boolean => {
  const ways = waysToJoin(mode)
  return ways.length > 0 && ways.every((way) => full.includes(way))
}

export type Party = { id: string; seats: number }

/**
 * Who gets a seat now: strictly in the order of confirmation. A large party is not passed by a smaller one that came later,
 * however many seats stand free meanwhile; only a party that is larger than the whole room (its capacity was lowered) is
 * stepped over, because it would keep everybody waiting for ever.
 */
export function movesUp(capacity: number | null, taken: number, waiting: readonly Party[]): Party[] {
  if (capacity === null) return [...waiting]
  const moving: Party[] = []
  let free = capacity - taken
  for (const party of waiting) {
    if (party.seats > capacity) continue
    if (party.seats > free) break
    free -= party.seats
    moving.push(party)
  }
  return moving
}

/** Whether seats can be kept for somebody new: when they fit and nobody who could fit is already waiting. */
export const fitsNow = (
  capacity: number | null,
  taken: number,
  waiting: readonly Party[],
  seats: number,
): boolean =>
  capacity === null || (seats <= capacity - taken && waiting.every((party) => party.seats > capacity))
