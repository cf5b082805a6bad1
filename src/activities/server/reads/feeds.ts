import { sql } from 'kysely'
import { daysOf } from '#activities/filter.ts'
import type { FeedEntry } from '#activities/feeds/entry.ts'
import { conditionsOf } from '#activities/server/reads/conditions.ts'
import { startOf } from '#activities/server/reads/list.ts'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import { yearOf, type Question } from '#activities/server/reads/week.ts'
import { isSlug } from '#activities/view.ts'
import type { Span } from '#activities/when.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import { addDays, type Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'

type FeedRow = ActivityRow & {
  id: string
  sequence: number
  updated: Date
  firstListed: Date | null
  hostName: string
  monday: Day
  at: string
}

const feedColumns = sql`${rowColumns}, a.id, a.sequence, a.updated,
  a.published as "firstListed", a.host_name as "hostName",
  (select w.monday from weeks w where w.year = a.week) as monday`

const entryOf = (row: FeedRow, span: Span | null, now: Date): FeedEntry => ({
  view: viewOf(row, span, now),
  id: row.id,
  days: row.dates ? row.dates.map((date) => date.original) : null,
  sequence: row.sequence,
  updated: row.updated,
  published: row.firstListed ?? row.updated,
  hostName: row.hostName,
  week: { from: row.monday, to: addDays(row.monday, 6) },
})

/** Answers one page of a feed, what was listed last first: whoever reads it meets what is new on the first page. */
export async function feedPage(db: Db, question: Question, now: Date): Promise<FeedEntry[]> {
  const { filter } = question
  const year = yearOf(question)
  if (year === undefined) return []
  const span = daysOf(filter)
  const { rows } = await sql<FeedRow>`
    select ${feedColumns} from activities a where ${conditionsOf(filter, year)}
    order by a.published desc nulls last, a.slug limit ${filter.limit} offset ${(filter.page - 1) * filter.limit}`.execute(
    db,
  )
  return rows.map((row) => entryOf(row, span, now))
}

/** Answers everything that fulfils the filter, in the order of the list, a part at a time, so that nothing large stands in memory. */
export async function* wholeFeed(
  db: Db,
  question: Question,
  now: Date,
  size = 500,
): AsyncGenerator<FeedEntry[], void, void> {
  const year = yearOf(question)
  if (year === undefined) return
  const span = daysOf(question.filter)
  const start = startOf(span, now)
  const conditions = conditionsOf(question.filter, year)
  let after = sql`true`
  for (;;) {
    const { rows } = await sql<FeedRow>`
      select ${feedColumns}, (${start})::text as at from activities a where ${conditions} and ${after}
      order by ${start}, a.slug limit ${size}`.execute(db.withoutPlugins())
    if (rows.length > 0) yield rows.map((row) => entryOf(row, span, now))
    const last = rows.at(-1)
    if (rows.length < size || !last) return
    after = sql`(${start}, a.slug) > (${last.at}::timestamp, ${last.slug})`
  }
}

/** Answers one activity as its own calendar file has it, for whoever has its address; null when nobody may read it. */
export async function feedEntry(db: Db, slug: string, now: Date): Promise<FeedEntry | null> {
  if (!isSlug(slug)) return null
  const { rows } = await sql<FeedRow>`
    select ${feedColumns} from activities a
    where a.slug = ${slug} and a.state in ('waiting', 'asked-for-more', 'published', 'by-link', 'cancelled')
      and ${ledgerOpen}`.execute(db)
  return rows[0] ? entryOf(rows[0], null, now) : null
}
