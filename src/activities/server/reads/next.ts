import { sql } from 'kysely'
import { rowColumns, viewOf, type ActivityRow } from '#activities/server/reads/rows.ts'
import type { ActivityView } from '#activities/view.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import { day, hour } from '#kernel/limits.ts'
import { addDays, dayOf } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import { siteSettings } from '#site/server/reads.ts'
import { weekState, type Week } from '#weeks/week.ts'

/** What three things of a week are: today's, the first of its own seven days, or only those that come next. */
export type Next = { which: 'today' | 'first' | 'next'; activities: ActivityView[] }

/** Answers three things of a week that come next, or began within two hours (those of a whole day: within a day) and are still on: while the week is on today's, by the clock of each place; before it the first of the week itself rather than of the days around it. None when the week is over or not announced. */
export async function nextThree(db: Db, week: Week, now: Date): Promise<Next> {
  const { state } = weekState(week, now)
  if (state === 'over' || state === 'not-announced') return { which: 'next', activities: [] }
  const begun = (ago: number) => new Date(now.getTime() - ago)
  // A whole day begins with its first hour on Earth, and is today while the site's own clock shows it.
  const today = state === 'on' ? dayOf(now, (await siteSettings(db)).zone) : week.monday
  const onDay = sql`(a.sort_start at time zone case a.timing when 'day' then 'Etc/GMT-14' else a.zone end)::date`
  const hours = (moment: number, more: number) => new Date(moment + more * hour)
  const monday = Date.parse(`${week.monday}T00:00:00Z`)
  // "Is not true" instead of "at most": between two bounds the planner expects so few that it reads and sorts a whole
  // week, instead of going along the list until it has three.
  const meant =
    state === 'on'
      ? sql`(a.sort_start > ${hours(now.getTime(), 50)}) is not true
          and (${onDay} > case a.timing when 'day' then ${today}::date
            else (${now}::timestamptz at time zone a.zone)::date end) is not true`
      : sql`${onDay} >= ${week.monday} and (${onDay} > ${addDays(week.monday, 6)}::date) is not true`
  const three = async (from: Date, which: typeof meant): Promise<ActivityRow[]> => {
    const { rows } = await sql<ActivityRow>`
      select ${rowColumns} from activities a
      where a.state = 'published' and ${ledgerOpen} and a.week = ${week.year} and a.timing <> 'week' and a.last_end > ${now}
        and a.sort_start >= ${from} and (a.timing = 'day' or a.sort_start >= ${begun(2 * hour)}) and ${which}
      order by a.sort_start, a.slug limit 3`.execute(db.withoutPlugins())
    return rows
  }
  const from = state === 'on' ? begun(day) : new Date(Math.max(begun(day).getTime(), monday - 14 * hour))
  const those = await three(from, meant)
  const shown = those.length > 0 ? those : await three(begun(day), sql`true`)
  return {
    which: those.length === 0 ? 'next' : state === 'on' ? 'today' : 'first',
    activities: shown.map((row) => viewOf(row, null, now)),
  }
}
