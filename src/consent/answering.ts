import type { Id } from '#consent/events.ts'
import type { State, Stop } from '#consent/state.ts'

/** Whether another organisation can still answer for it: nobody on it was asked yet, by whom it was told who answers. */
export const mayChange = (state: State, surface: Id): boolean =>
  mayBegin(state, surface) && ![...state.asked.values()].some(({ about }) => about.surface === surface)

const isAlike = ({ placement, why }: Stop): boolean => placement !== null && why === 'alike'

/** Whether an organisation can still begin to answer for it: what was ever shown, taken down or held on a surface stays with the rules it was shown by. What is only like a withdrawn picture stays stopped whoever answers, and nobody is told (rule 25). */
export const mayBegin = (state: State, surface: Id): boolean =>
  (state.placed.get(surface) ?? []).every(({ live }) => live === null) &&
  (state.stops.get(surface) ?? []).every(isAlike) &&
  (state.holds.get(surface) ?? []).length === 0
