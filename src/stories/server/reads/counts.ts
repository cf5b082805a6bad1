import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'
import {
  fewestTold,
  noNumbers,
  type NewPeople,
  type OfDay,
  type OfKind,
  type WeekNumbers,
} from '#stories/counts.ts'
import { shownStories } from '#stories/server/reads/shown.ts'

/** Answers the numbers of one week at this moment; what each means stands in counts.ts. */
export async function numbersOfWeek(db: Db, year: number, now: Date): Promise<WeekNumbers> {
  return (await numbersOfWeeks(db, now, year)).get(year) ?? noNumbers
}

/** Answers the numbers of every week that has any (or of one), by year. */
export async function numbersOfWeeks(db: Db, now: Date, year?: number): Promise<Map<number, WeekNumbers>> {
  const [held, told] = await Promise.all([
    db
      .selectFrom('activities as a')
      .leftJoin('attendanceReports as r', 'r.activity', 'a.id')
      .select((on) => [
        'a.week',
        on.fn.countAll<number>().as('activities'),
        on.fn.count<number>('a.country').distinct().as('countries'),
        sql<number>`coalesce(sum(r.came), 0)::int8`.as('came'),
        sql<number>`coalesce(sum(r.new_people), 0)::int8`.as('newPeople'),
      ])
      .where('a.state', '=', 'published')
      .$if(year !== undefined, (query) => query.where('a.week', '=', year ?? 0))
      .groupBy('a.week')
      .execute(),
    shownStories(db, now)
      .select((on) => ['s.week', on.fn.countAll<number>().as('stories')])
      .$if(year !== undefined, (query) => query.where('s.week', '=', year ?? 0))
      .groupBy('s.week')
      .execute(),
  ])
  const numbers = new Map<number, WeekNumbers>()
  for (const { week, ...row } of held) numbers.set(week, { ...noNumbers, ...row })
  for (const { week, stories } of told) numbers.set(week, { ...(numbers.get(week) ?? noNumbers), stories })
  return numbers
}

/** Answers who the new people of a week were, by the six plain groups; groups nobody named are left out. "too-few" while fewer than `fewestTold` activities say so: it would tell what one host wrote. */
export async function newPeopleOf(db: Db, year: number): Promise<NewPeople[] | 'too-few'> {
  const { rows } = await sql<NewPeople & { told: number }>`
    with told as (
      select r.activity, coalesce(named.cluster, who.key) as cluster, who.value::int as people
      from attendance_reports r
      join activities a on a.id = r.activity and a.state = 'published' and a.week = ${year}
      cross join lateral jsonb_each_text(r.audiences) who
      left join audiences named on named.week = a.week and named.code = who.key
      where who.value::int > 0)
    select cluster, sum(people)::int8 as people, (select count(distinct activity)::int8 from told) as told
    from told group by cluster order by 2 desc, 1`.execute(db)
  if (rows.some(({ told }) => told < fewestTold)) return 'too-few'
  return rows.map(({ cluster, people }) => ({ cluster, people }))
}

/** Answers how many activities of each kind a week has, in the kinds' own order. */
export const activitiesByKind = (db: Db, year: number): Promise<OfKind[]> =>
  db
    .selectFrom('activities as a')
    .innerJoin('kinds as k', (on) => on.onRef('k.week', '=', 'a.week').onRef('k.code', '=', 'a.kind'))
    .select((on) => ['a.kind', on.fn.countAll<number>().as('activities')])
    .where('a.week', '=', year)
    .where('a.state', '=', 'published')
    .groupBy(['a.kind', 'k.position'])
    .orderBy('k.position')
    .execute()

/** Answers how many activities each day of a week has, days without any left out. */
export async function activitiesByDay(db: Db, week: { year: number; monday: string }): Promise<OfDay[]> {
  const { rows } = await sql<OfDay>`
    select day::date as day, count(distinct o.activity)::int8 as activities
    from generate_series(${week.monday}::date, ${week.monday}::date + 6, '1 day') day
    join occurrences o on o.start_day <= day and o.end_day >= day and o.status = 'on'
    join activities a on a.id = o.activity and a.week = ${week.year} and a.state = 'published'
    group by 1 order by 1`.execute(db)
  return rows
}

/** Answers the weeks of which anybody can read a story. */
export async function weeksTold(db: Db, now: Date): Promise<number[]> {
  const rows = await shownStories(db, now).select('s.week').distinct().execute()
  return rows.map((row) => row.week)
}
