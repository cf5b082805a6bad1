import type { Id } from '#consent/events.ts'
import type { Placement, State, Stop } from '#consent/state.ts'

/** Answers what on a surface nobody answers for, oldest first. */
export const unanswered = (state: State, surface: Id): Placement[] =>
  (state.placed.get(surface) ?? []).filter(({ purged, organisation }) => !purged && organisation === null)

const isAlike = ({ placement, why }: Stop): boolean => placement !== null && why === 'alike'

/** Whether an organisation can still begin to answer for it: what was ever shown, taken down or held on a surface stays with the rules it was shown by. What is only like a withdrawn picture stays stopped whoever answers, and nobody is told (rule 25). */
export const mayBegin = (state: State, surface: Id): boolean =>
  (state.placed.get(surface) ?? []).every(({ live }) => live === null) &&
  (state.stops.get(surface) ?? []).every(isAlike) &&
  (state.holds.get(surface) ?? []).length === 0
