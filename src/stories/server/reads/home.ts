import { noFilter, type Filter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Db } from '#platform/server/db.ts'
import { addDays } from '#kernel/times.ts'
import { weekState, type Week } from '#weeks/week.ts'

/** Answers three things of a week that come next, or are on: today's while the week is on; none when it is over. */
export async function nextThree(db: Db, week: Week, now: Date): Promise<ActivityView[]> {
  const stand = weekState(week, now).state
  if (stand === 'over' || stand === 'not-announced') return []
  const today = now.toISOString().slice(0, 10)
  const inWeek = stand === 'on' && today >= week.monday && today <= addDays(week.monday, 6)
  const ask = async (days: Partial<Filter>): Promise<ActivityView[]> => {
    const filter = { ...noFilter, ...days, week: week.year, limit: 6 }
    const { activities } = await listActivities(db, { filter, week }, now)
    return activities.filter((one) => one.status === 'published' && one.start !== null).slice(0, 3)
  }
  const todays = inWeek ? await ask({ day: today }) : []
  return todays.length > 0 ? todays : ask({ from: inWeek ? today : week.monday })
}
