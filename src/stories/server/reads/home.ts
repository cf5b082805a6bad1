import { noFilter, type Filter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Db } from '#platform/server/db.ts'
import { addDays } from '#kernel/times.ts'
import { kindsOf, verbsOf } from '#weeks/server/reads.ts'
import { weekState, type Kind, type Verb, type Week } from '#weeks/week.ts'

/** How many published activities of a week a country has, and the middle of where they are; null is nowhere in particular. */
export type CountryCount = { country: string | null; count: number; lat: number | null; lon: number | null }

export type HomeWorld = {
  countries: CountryCount[]
  activities: number
  /** Three things that are next, or on: today's while the week is on. */
  next: ActivityView[]
  kinds: Kind[]
  verbs: Verb[]
}

/** Answers what is happening around the planet in a week: where, and three things that come next. */
export async function homeWorld(db: Db, week: Week, now: Date): Promise<HomeWorld> {
  const [countries, next, kinds, verbs] = await Promise.all([
    countriesWithActivities(db, week.year),
    nextThree(db, week, now),
    kindsOf(db, week.year),
    verbsOf(db, week.year),
  ])
  const activities = countries.reduce((sum, one) => sum + one.count, 0)
  return { countries, activities, next, kinds, verbs }
}

const countriesWithActivities = (db: Db, year: number): Promise<CountryCount[]> =>
  db
    .selectFrom('activities')
    .select((on) => [
      'country',
      on.fn.countAll<number>().as('count'),
      on.fn.avg<number | null>('publicLat').as('lat'),
      on.fn.avg<number | null>('publicLon').as('lon'),
    ])
    .where('week', '=', year)
    .where('state', '=', 'published')
    .groupBy('country')
    .orderBy('count', 'desc')
    .orderBy('country')
    .execute()

async function nextThree(db: Db, week: Week, now: Date): Promise<ActivityView[]> {
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
