import { sql, type RawBuilder } from 'kysely'
import { daysOf } from '#activities/filter.ts'
import { conditionsOf, listed } from '#activities/server/reads/conditions.ts'
import { countTallied, talliesKnow } from '#activities/server/reads/counts.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import { yearOf, type Question } from '#activities/server/reads/week.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import type { Db } from '#platform/server/db.ts'

export type ActivityList = {
  activities: ActivityView[]
  total: number
  pages: number
  /** Whether there may be more than `total`, because nobody counted further. */
  more: boolean
}

/** Answers where an activity stands in a list, by the day and time of its own clock: of a series that is asked about by days, the start inside those days. */
export const startOf = (span: Span | null, now: Date): RawBuilder<unknown> =>
  span === null
    ? sql`a.list_start`
    : sql`coalesce(case when a.repeating then (
        select coalesce(o.start_local, o.start_day) from occurrences o
        where o.activity = a.id and o.status = 'on' and o.start_day <= ${span.to}::date and o.end_day >= ${span.from}::date
        order by o.ends <= ${now}, case when o.ends > ${now} then o.starts end, o.starts desc limit 1) end, a.list_start)`

type Wanted = {
  /** Count no further than this: going through tens of thousands costs more than reading twenty. */
  most?: number
}

/** Answers one page of the activities that everybody may find, by the start that its own clock shows and then name, with how many there are in all. Private places show their town only. */
export async function listActivities(
  db: Db,
  question: Question,
  now: Date,
  { most }: Wanted = {},
): Promise<ActivityList> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return { activities: [], total: 0, pages: 0, more: false }
  const conditions = conditionsOf(filter, year)
  const span = daysOf(filter)
  const skipped = (filter.page - 1) * filter.limit
  if (filter.q !== null && year !== null && span === null && most !== undefined) {
    const near = await firstFound(db, question, year, now)
    if (near) return near
  }
  if (span === null) {
    const { rows } = await sql<ActivityRow>`
      select ${rowColumns} from activities a where ${conditions}
      order by a.list_start, a.slug limit ${filter.limit} offset ${skipped}`.execute(db.withoutPlugins())
    const whole = rows.length < filter.limit && (rows.length > 0 || filter.page === 1)
    const total = whole ? skipped + rows.length : await countActivities(db, question, most)
    const more = most !== undefined && total === most && !(year !== null && talliesKnow(filter))
    const further = more && rows.length === filter.limit ? filter.page + 1 : 1
    const pages = Math.max(further, Math.ceil(total / filter.limit))
    return { activities: rows.map((row) => viewOf(row, span, now)), total, pages, more }
  }
  // Where each stands depends on the days asked about, so all of them are gone through once, and only the page is read whole.
  const { rows } = await sql<ActivityRow & { total: number }>`
    with found as materialized (
      select a.id, a.slug, ${startOf(span, now)} as at from activities a where ${conditions}
    ), page as (select * from found order by at, slug limit ${filter.limit} offset ${skipped})
    select (select count(*) from found) as total, ${rowColumns}
    from page join activities a using (id) order by page.at, page.slug`.execute(db.withoutPlugins())
  const total = rows[0]?.total ?? (filter.page === 1 ? 0 : await countActivities(db, question))
  const pages = Math.ceil(total / filter.limit)
  return { activities: rows.map((row) => viewOf(row, span, now)), total, pages, more: false }
}

/** How far along the list words are looked for before their index is asked, and how many finds are counted there. */
const reach = 500
const counted = 100

/** Answers a page of a search by going along the list, or null when the words are too rare to fill it that way. The index of words knows no order: for a word that every activity has it would hand over 75,000 rows to sort. */
async function firstFound(
  db: Db,
  { filter }: Question,
  year: number,
  now: Date,
): Promise<ActivityList | null> {
  const skipped = (filter.page - 1) * filter.limit
  if (skipped + filter.limit > counted) return null
  const { rows } = await sql<ActivityRow & { total: number }>`
    with found as materialized (
      select a.id, a.list_start, a.slug from (
        select * from activities a where ${listed} and a.week = ${year}
        order by a.list_start, a.slug limit ${reach}) a
      where ${conditionsOf(filter, year)} order by a.list_start, a.slug limit ${counted})
    select (select count(*) from found) as total, ${rowColumns}
    from (select * from found order by list_start, slug limit ${filter.limit} offset ${skipped}) page
    join activities a using (id) order by page.list_start, page.slug`.execute(db.withoutPlugins())
  const total = rows[0]?.total ?? 0
  if (total < counted) return null
  const pages = Math.max(filter.page + 1, Math.ceil(total / filter.limit))
  return { activities: rows.map((row) => viewOf(row, null, now)), total, pages, more: true }
}

/** Answers how many activities fulfil the filter, counting no further than `most`. */
export async function countActivities(db: Db, question: Question, most?: number): Promise<number> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return 0
  if (year !== null && talliesKnow(filter)) return countTallied(db, filter, year)
  const { rows } = await sql<{ count: number }>`
    select count(*) from (
      select from activities a where ${conditionsOf(filter, year)} limit ${most ?? null}::int) counted`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
