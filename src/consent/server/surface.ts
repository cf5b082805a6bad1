import { fold } from '#consent/fold.ts'
import type { Hand, Id } from '#consent/events.ts'
import { eventsOf } from '#consent/server/load.ts'
import type { Placement, State } from '#consent/state.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what follows from the log for a surface and everybody on it, and some people besides. */
export const stateOf = async (db: Db, surface: Id, people: readonly Id[] = []): Promise<State> =>
  fold(await eventsOf(db, { surfaces: [surface], people }))

/** Answers what is on a surface and not taken off it. */
export const partsOf = (state: State, surface: Id): Placement[] =>
  (state.placed.get(surface) ?? []).filter(({ purged }) => !purged)

/** Answers who posted what is on a surface. */
export const postersIn = (state: State, surface: Id): Hand[] => [
  ...new Set((state.placed.get(surface) ?? []).map(({ postedBy }) => postedBy)),
]

/** Answers who made what is on a surface what it is: posted or changed a picture, said who is in it, or checked that. */
export const makersOf = (state: State, surface: Id): Hand[] => [
  ...postersIn(state, surface),
  ...[...state.versions.values(), ...state.sayings.values()].flatMap((one) =>
    one.surface === surface ? ['maker' in one ? one.maker : one.by] : [],
  ),
  ...[...state.checks.values()]
    .flat()
    .flatMap(({ said, by }) => (state.sayings.get(said)?.surface === surface ? [by] : [])),
]

/** Answers which organisation answers for a surface: of whoever posted first. */
export const organisationOf = (state: State, surface: Id): Id | null =>
  (state.placed.get(surface) ?? [])
    .filter(({ organisation }) => organisation !== null)
    .toSorted((one, other) => Number(one.purged) - Number(other.purged))[0]?.organisation ?? null
