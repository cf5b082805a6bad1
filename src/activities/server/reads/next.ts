import { sql } from 'kysely'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import type { ActivityView } from '#activities/view.ts'
import { day, hour } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'
import { weekState, type Week } from '#weeks/week.ts'

/** Answers three things of a week that come next, or began within two hours (those of a whole day: within a day) and are still on; none when the week is over or not announced. */
export async function nextThree(db: Db, week: Week, now: Date): Promise<ActivityView[]> {
  const { state } = weekState(week, now)
  if (state === 'over' || state === 'not-announced') return []
  const begun = (ago: number) => new Date(now.getTime() - ago)
  const { rows } = await sql<ActivityRow>`
    select ${rowColumns} from activities a
    where a.state = 'published' and a.week = ${week.year} and a.timing <> 'week' and a.last_end > ${now}
      and a.list_start >= ${begun(day)} and (a.timing = 'day' or a.list_start >= ${begun(2 * hour)})
    order by a.list_start, a.slug limit 3`.execute(db.withoutPlugins())
  return rows.map((row) => viewOf(row, null, now))
}
