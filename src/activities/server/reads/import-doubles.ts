import { sql } from 'kysely'
import { alike, likeness, type Draft } from '#activities/import.ts'
import type { PlanRow, Planned } from '#activities/server/reads/import-plan.ts'
import { plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'

/** An activity that may be the same as a row: the same day and town, and a title that is nearly the same. */
export type Double = { title: string; slug: string | null; line: number | null; hostName: string }

/** The most that are shown beside one row. */
const mostShown = 3

const dayOf = (draft: Draft): string =>
  draft.timing.timing === 'week'
    ? ''
    : draft.timing.timing === 'day'
      ? draft.timing.day
      : draft.timing.start.slice(0, 10)
const townOf = (draft: Draft): string => plainWords(draft.place?.town ?? '')
const spotOf = (draft: Draft): string => `${dayOf(draft)}|${townOf(draft)}`

type Listed = { spot: string; title: string; slug: string; hostName: string }

/** Activities at the days and towns of new rows that the owner may know of: listed ones and their own. */
async function listedAt(db: Db, planned: Planned, drafts: Draft[]): Promise<Map<string, Listed[]>> {
  const spots = [...new Set(drafts.map(spotOf))]
  const parted = spots.map((spot) => spot.split('|'))
  const { rows } = await sql<Listed>`
    select q.day || '|' || q.town as spot, a.title, a.slug, a.host_name as "hostName"
    from unnest(${parted.map(([day]) => day ?? '')}::text[], ${parted.map(([, town]) => town ?? '')}::text[]) as q (day, town)
    join activities a on a.week = ${planned.week.year} and coalesce(a.start_day::text, '') = q.day
      and plain_name(coalesce(a.town, '')) = q.town
    where a.state = 'published' or (a.account = ${planned.account}::uuid and a.state not in ('withdrawn', 'declined'))
    order by a.list_start, a.slug
    limit 50000`.execute(db)
  return Map.groupBy(rows, (row) => row.spot)
}

/** Notes beside each new row what may be the same, in the list and earlier in the file. */
export async function doublesOf(db: Db, planned: Planned, rows: PlanRow[]): Promise<PlanRow[]> {
  const fresh = rows.flatMap((row) => (row.action === 'new' && row.draft ? [row.draft] : []))
  if (fresh.length === 0) return rows
  const listed = await listedAt(db, planned, fresh)
  const earlier = new Map<string, Double[]>()
  return rows.map((row) => {
    if (row.action !== 'new' || row.draft === null) return row
    const { title } = row.draft
    const spot = spotOf(row.draft)
    const before = earlier.get(spot) ?? []
    const there = (listed.get(spot) ?? []).slice(0, 100).map((one): Double => ({ ...pick(one), line: null }))
    const doubles = [...there, ...before]
      .filter((one) => likeness(one.title, title) >= alike)
      .slice(0, mostShown)
    // Thirty of one day and town are compared, no more: what comes after them costs too much.
    if (before.length < 30)
      earlier.set(spot, [...before, { title, slug: null, line: row.line, hostName: '' }])
    return { ...row, doubles }
  })
}

const pick = ({ title, slug, hostName }: Listed) => ({ title, slug, hostName })
