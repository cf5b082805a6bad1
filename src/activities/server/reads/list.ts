import { sql, type RawBuilder } from 'kysely'
import { daysOf } from '#activities/filter.ts'
import { conditionsOf } from '#activities/server/reads/conditions.ts'
import { countTallied, talliesKnow } from '#activities/server/reads/counts.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import { yearOf, type Question } from '#activities/server/reads/week.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import type { Db } from '#platform/server/db.ts'

export type ActivityList = { activities: ActivityView[]; total: number; pages: number }

/** Answers where an activity stands in a list: of a series that is asked about by days, the start inside those days. */
export const startOf = (span: Span | null, now: Date): RawBuilder<unknown> =>
  span === null
    ? sql`a.list_start`
    : sql`coalesce(case when a.repeating then (
        select o.starts from occurrences o
        where o.activity = a.id and o.status = 'on' and o.start_day <= ${span.to}::date and o.end_day >= ${span.from}::date
        order by o.ends <= ${now}, case when o.ends > ${now} then o.starts end, o.starts desc limit 1) end, a.list_start)`

/** Answers one page of the activities that everybody may find, by start and then name, with how many there are in all. Private places show their town only. */
export async function listActivities(db: Db, question: Question, now: Date): Promise<ActivityList> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return { activities: [], total: 0, pages: 0 }
  const conditions = conditionsOf(filter, year)
  const span = daysOf(filter)
  const skipped = (filter.page - 1) * filter.limit
  const page = sql`order by at, slug limit ${filter.limit} offset ${skipped}`
  if (year !== null && talliesKnow(filter)) {
    const { rows } = await sql<ActivityRow>`
      select ${rowColumns} from activities a where ${conditions}
      order by a.list_start, a.slug limit ${filter.limit} offset ${skipped}`.execute(db.withoutPlugins())
    const whole = rows.length < filter.limit && (rows.length > 0 || filter.page === 1)
    const total = whole ? skipped + rows.length : await countTallied(db, filter, year)
    return { activities: rows.map((row) => viewOf(row, span, now)), ...pagesOf(total, filter.limit) }
  }
  // What has to be counted is gone through once, and only the page is read whole.
  const { rows } = await sql<ActivityRow & { total: number }>`
    with found as materialized (
      select a.id, a.slug, ${startOf(span, now)} as at from activities a where ${conditions}
    ), page as (select * from found ${page})
    select (select count(*) from found) as total, ${rowColumns}
    from page join activities a using (id) order by page.at, page.slug`.execute(db.withoutPlugins())
  const total = rows[0]?.total ?? (filter.page === 1 ? 0 : await countActivities(db, question))
  return { activities: rows.map((row) => viewOf(row, span, now)), ...pagesOf(total, filter.limit) }
}

const pagesOf = (total: number, limit: number) => ({ total, pages: Math.ceil(total / limit) })

/** Answers how many activities fulfil the filter. */
export async function countActivities(db: Db, question: Question): Promise<number> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return 0
  if (year !== null && talliesKnow(filter)) return countTallied(db, filter, year)
  const { rows } = await sql<{ count: number }>`
    select count(*) from activities a where ${conditionsOf(filter, year)}`.execute(db)
  return rows[0]?.count ?? 0
}
