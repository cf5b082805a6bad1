import type { Filter } from '#activities/filter.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { currentWeek, weekByYear } from '#weeks/server/reads.ts'
import type { Week } from '#weeks/week.ts'

/** A filter together with the week it is asked of. */
export type Question = { filter: Filter; week: Week | null }

/** Answers the week that a filter asks about: the one named, else the current one. Null when there is none that the viewer may see. */
export const askedWeek = (db: Db, viewer: Viewer, year: number | null, now: Date): Promise<Week | null> =>
  year === null ? currentWeek(db, now) : weekByYear(db, viewer, year)

/** The year whose activities answer, or null for those of every week (days without a week reach across all); undefined when there is no week at all. */
export function yearOf({ filter, week }: Question): number | null | undefined {
  const one = filter.week !== null || (filter.from === null && filter.to === null)
  return one ? week?.year : null
}
