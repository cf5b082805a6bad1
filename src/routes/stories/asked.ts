import type { StoryFilter } from '#stories/filter.ts'
import { currentWeek, weekByYear } from '#weeks/server/reads.ts'
import type { Week } from '#weeks/week.ts'

/** Answers the week whose stories are asked for: the one named, else the current one; null when there is none. */
export const weekAsked = (locals: App.Locals, filter: StoryFilter): Promise<Week | null> =>
  filter.week === null
    ? currentWeek(locals.db, locals.now)
    : weekByYear(locals.db, locals.viewer, filter.week)
