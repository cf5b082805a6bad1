import type { Hand, Id, StewardAnswer } from '#consent/events.ts'
import { always, never, since, type Instant } from '#consent/ranges.ts'
import type { Need } from '#consent/routes.ts'
import type { Person, Placement, State } from '#consent/state.ts'

/** What somebody of the family can answer, as the page asks it. */
export const stewardAnswers = [
  'as-allowed',
  'keep-down',
  'not-now',
] as const satisfies readonly StewardAnswer[]

type Yes = { by: Hand; n: number }

/** The answers by which it may be shown again: of somebody who was named by another, after the death; none once anybody said that it stays taken down. */
function yesesOf(state: State, { id, died }: Person): Yes[] {
  if (died === null || state.keptDown.has(id)) return []
  return (state.stewards.get(id) ?? []).flatMap((steward) =>
    steward.yes.filter(({ by, n }) => n > died.last && n > steward.n && by !== 'site' && by !== steward.by),
  )
}

/** Answers whether nothing of somebody is shown because they have died, and nobody of the family said that it may be. */
export const rests = (state: State, person: Id): boolean => {
  const known = state.people.get(person)
  return known !== undefined && known.died !== null && yesesOf(state, known).length === 0
}

/** Answers a state as it would be if somebody had not died: what their own permission covers. What was given after their death is not in it. */
export function shownBefore(state: State, person: Id): State {
  const known = state.people.get(person)
  if (!known) return state
  return { ...state, people: new Map([...state.people, [person, { ...known, died: null }]]) }
}

/** That somebody had died was a mistake: from then on all counts again as it was allowed before. What their family said stays taken down stays so, of what was seen until then. */
function sinceMistaken(state: State, { id, alive }: Person, { liveAs }: Placement): Need {
  if (liveAs < (state.keptDown.get(id) ?? -Infinity)) return { why: 'objection', when: never }
  return { why: 'died', when: alive === null ? always : since(alive) }
}

/** Answers when what somebody was in may be seen although they have died: only what was seen before, and once somebody has looked at it who neither posted it nor said so for the family. */
export function afterDeath(state: State, person: Person, placement: Placement): Need {
  if (person.died === null) return sinceMistaken(state, person, placement)
  const yeses = placement.liveAs < person.died.first ? yesesOf(state, person) : []
  if (yeses.length === 0) return { why: 'died', when: never }
  const looks = state.taken.get(placement.id) ?? []
  const from = yeses.flatMap((yes) =>
    looks
      .filter(({ by, n }) => n > yes.n && by !== yes.by && by !== 'site' && by !== placement.postedBy)
      .map(({ at }): Instant => at),
  )
  return { why: 'second-person', when: from.length === 0 ? never : since(Math.min(...from)) }
}
