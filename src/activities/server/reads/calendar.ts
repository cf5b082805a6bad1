import { sql, type RawBuilder } from 'kysely'
import { daysOf } from '#activities/filter.ts'
import { conditionsOf, type Condition } from '#activities/server/reads/conditions.ts'
import { startOf } from '#activities/server/reads/list.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import type { Question } from '#activities/server/reads/week.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import { addDays, type Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'

/** One part of a calendar with the first activities in it: a day; the days before or after the seven; or, without either, some time in the week. */
export type CalendarPart = {
  day: Day | null
  outside: 'before' | 'after' | null
  total: number
  activities: ActivityView[]
}

/** How many of a day stand in the calendar. */
const shownOfDay = 6

/** What the clocks of its own place show as it begins on a day: in a calendar nine in Leeds stands before ten in Suva, although that comes half a day earlier. Null for what has no time, or began on an earlier day: that is going on from the morning, and stands first. */
const clockOn = (day: Day | null): RawBuilder<unknown> =>
  day === null
    ? sql`null::timestamp`
    : sql`case when not a.repeating then case when a.start_day = ${day}::date then a.start_local end
        else (select min(o.start_local) from occurrences o
          where o.activity = a.id and o.status = 'on' and o.start_day = ${day}::date) end`

type Part = Pick<CalendarPart, 'day' | 'outside'> & {
  span: Span | null
  at: RawBuilder<unknown>
  only: Condition
}

/** The days round the seven, as far as they are asked about, for what stands on none of the seven. */
function outsideParts({ filter, week }: Question, now: Date): Part[] {
  if (!week) return []
  const asked = daysOf(filter)
  const [first, last] = [week.monday, addDays(week.monday, 6)]
  const inWeek = conditionsOf({ ...filter, day: null, from: first, to: last }, week.year)
  const only = sql`a.timing <> 'week' and not (${inWeek})`
  const part = (outside: 'before' | 'after', from: Day, to: Day): Part[] => {
    const span = { from, to }
    return from > to ? [] : [{ day: null, outside, span, only, at: startOf(span, now) }]
  }
  const before = asked && asked.to < first ? asked.to : addDays(first, -1)
  const after = asked && asked.from > last ? asked.from : addDays(last, 1)
  return [
    ...part('before', asked?.from ?? '1980-01-01', before),
    ...part('after', after, asked?.to ?? '2200-12-31'),
  ]
}

function partsOf(question: Question, now: Date): Part[] {
  const { filter, week } = question
  if (!week) return []
  const asked = daysOf(filter)
  const days = [0, 1, 2, 3, 4, 5, 6]
    .map((count) => addDays(week.monday, count))
    .filter((day) => asked === null || (day >= asked.from && day <= asked.to))
  const some = asked === null || days.length > 0
  return [
    ...days.map((day) => ({
      day,
      outside: null,
      span: { from: day, to: day },
      at: clockOn(day),
      only: sql`a.timing <> 'week'`,
    })),
    ...outsideParts(question, now),
    ...(some
      ? [{ day: null, outside: null, span: null, at: clockOn(null), only: sql`a.timing = 'week'` }]
      : []),
  ]
}

/** Answers the seven days of the asked week, each with its first activities by their own clocks and how many there are, then what is only in the days before or after the seven, if anything, then what is done some time in the week. A series stands on each of its days. */
export async function weekCalendar(db: Db, question: Question, now: Date): Promise<CalendarPart[]> {
  const { filter, week } = question
  const all = partsOf(question, now)
  if (!week || all.length === 0) return []
  const asked = all.map(({ span, at, only }, place) => {
    const own = { ...filter, day: null, from: span?.from ?? null, to: span?.to ?? null }
    return sql`(
      with found as materialized (
        select a.id, a.slug, ${at} as at from activities a where ${conditionsOf(own, week.year)} and ${only}
      ), first as (select * from found order by at nulls first, slug limit ${shownOfDay})
      select ${sql.lit(place)} as part, (select count(*) from found) as total, ${rowColumns}
      from first join activities a using (id) order by first.at nulls first, first.slug)`
  })
  const { rows } = await sql<ActivityRow & { part: number; total: number }>`${sql.join(
    asked,
    sql` union all `,
  )}`.execute(db.withoutPlugins())
  const parts = all.map(({ day, outside, span }, place) => {
    const here = rows.filter((row) => row.part === place)
    const activities = here.map((row) => viewOf(row, span, now))
    return { day, outside, total: here[0]?.total ?? 0, activities }
  })
  return parts.filter(({ outside, total }) => outside === null || total > 0)
}
