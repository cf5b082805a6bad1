import { sql, type RawBuilder } from 'kysely'
import { daysOf } from '#activities/filter.ts'
import { conditionsOf } from '#activities/server/reads/conditions.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import type { Question } from '#activities/server/reads/week.ts'
import type { ActivityView } from '#activities/view.ts'
import { addDays, type Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'

/** One day of a week with the first activities on it; day null = some time in the week. */
export type CalendarDay = { day: Day | null; total: number; activities: ActivityView[] }

/** How many of a day stand in the calendar. */
const shownOfDay = 6

/** What the clocks of its own place show as it begins on a day: in a calendar nine in Leeds stands before ten in Suva, although that comes half a day earlier. Null for what has no time, or began on an earlier day: that is going on from the morning, and stands first. */
const clockOn = (day: Day | null): RawBuilder<unknown> =>
  day === null
    ? sql`null::timestamp`
    : sql`case when not a.repeating then case when a.start_day = ${day}::date then a.start_local end
        else (select min(o.start_local) from occurrences o
          where o.activity = a.id and o.status = 'on' and o.start_day = ${day}::date) end`

/** Answers the seven days of the asked week, each with its first activities by their own clocks and how many there are, then what is done some time in it. A series stands on each of its days. */
export async function weekCalendar(db: Db, question: Question, now: Date): Promise<CalendarDay[]> {
  const { filter, week } = question
  if (!week) return []
  const asked = daysOf(filter)
  const days = [0, 1, 2, 3, 4, 5, 6]
    .map((count) => addDays(week.monday, count))
    .filter((day) => asked === null || (day >= asked.from && day <= asked.to))
  const dayPart = (day: Day | null) => {
    const own = { ...filter, from: null, to: null, day }
    const timing = day === null ? sql`a.timing = 'week'` : sql`a.timing <> 'week'`
    return sql`(
      with found as materialized (
        select a.id, a.slug, ${clockOn(day)} as at
        from activities a where ${conditionsOf(own, week.year)} and ${timing}
      ), first as (select * from found order by at nulls first, slug limit ${shownOfDay})
      select ${day}::date as "onDay", (select count(*) from found) as total, ${rowColumns}
      from first join activities a using (id) order by first.at nulls first, first.slug)`
  }
  const all = [...days, ...(asked === null || days.length > 0 ? [null] : [])]
  if (all.length === 0) return []
  const { rows } = await sql<ActivityRow & { onDay: Day | null; total: number }>`${sql.join(
    all.map(dayPart),
    sql` union all `,
  )}`.execute(db.withoutPlugins())
  return all.map((day) => {
    const here = rows.filter((row) => row.onDay === day)
    const span = day === null ? null : { from: day, to: day }
    return { day, total: here[0]?.total ?? 0, activities: here.map((row) => viewOf(row, span, now)) }
  })
}
