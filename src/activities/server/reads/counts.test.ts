import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { readFilter } from '#activities/filter.ts'
import { countriesOf, countsOf, weeksListed } from '#activities/server/reads/counts.ts'
import { countActivities, listActivities } from '#activities/server/reads/list.ts'
import { clustersByCountry } from '#activities/server/reads/map.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { moveSeriesOn, recountActivities } from '#activities/server/tasks/recount.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'
import { makeMany } from '../../../../test/many.ts'
import { makeVillage } from '../../../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')

const ask = async (query: string) => {
  const { filter } = readFilter(new URLSearchParams(query))
  return { filter, week: await askedWeek(db, anybody, filter.week, now) }
}

beforeAll(() => makeVillage(db))

/** What the tallies say, and what counting everything says. */
async function bothSums() {
  const sums = sql`sum(listed)::int as listed, sum(published)::int as published, sum(placed)::int as placed,
    round(sum(lat)::numeric, 6) as lat, round(sum(lon)::numeric, 6) as lon, round(sum(lon_on)::numeric, 6) as "lonOn"`
  const noted = await sql`select week, kind, country, ${sums} from activity_tallies group by 1, 2, 3
    having sum(listed) <> 0 or sum(published) <> 0 order by 1, 2, 3`.execute(db)
  const counted = await sql`select week, kind, country, ${sums} from (
      select week, kind, country, 1 as listed, (state = 'published')::int as published, (lat is not null)::int as placed,
        coalesce(lat, 0) as lat, coalesce(lon, 0) as lon,
        coalesce(case when lon < 0 then lon + 360 else lon end, 0) as lon_on
      from (select week, kind, country, state, published, case when state = 'published' then public_lat end as lat,
        case when state = 'published' then public_lon end as lon from activities) a where state = 'published' or (state = 'cancelled' and published is not null)
    ) one group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  return [noted.rows, counted.rows]
}

/** What the sums by half degrees say, and what counting everything says. */
async function bothCells() {
  const sums = sql`sum(published)::int as listed, round(sum(lat)::numeric, 6) as lat, round(sum(lon)::numeric, 6) as lon`
  const noted = await sql`select week, x, y, country, ${sums} from activity_cells group by 1, 2, 3, 4
    having sum(published) <> 0 order by 1, 2, 3, 4`.execute(db)
  const counted = await sql`select week, x, y, country, ${sums} from (
      select week, floor(public_lon * 2)::smallint as x, floor(public_lat * 2)::smallint as y, country, 1 as published,
        public_lat as lat, public_lon as lon
      from activities where public_lat is not null and state = 'published'
    ) one group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(db)
  return [noted.rows, counted.rows]
}

const changes = fc.record({
  kind: fc.constantFrom('cafe', 'letter'),
  country: fc.constantFrom('GB', 'FJ', null),
  state: fc.constantFrom('published', 'waiting', 'cancelled', 'withdrawn'),
  publicLon: fc.constantFrom(-179.5, -1.5, 179.5),
})

test('the tallies say what counting everything says, whatever is written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(changes, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (all, thenDelete) => {
        const { id } = await makeActivity(db, { slug: `changed-${Math.round(performance.now() * 1000)}` })
        for (const change of all) {
          await db
            .updateTable('activities')
            .set({ ...change, publicLat: 10, published: '2027-09-01T00:00:00Z' })
            .where('id', '=', id)
            .execute()
        }
        if (thenDelete) await db.deleteFrom('activities').where('id', '=', id).execute()
        for (const [noted, counted] of [await bothSums(), await bothCells()]) expect(noted).toEqual(counted)
      },
    ),
    { numRuns: 40 },
  )
})

test('adding the tallies up changes what they are, not what they say', async () => {
  await makeMany(db, 300)
  const before = await bothSums()
  const cells = await bothCells()
  await recountActivities(db, {}, now)
  expect(await bothCells()).toEqual(cells)
  const after = await bothSums()
  expect(after[0]).toEqual(after[1])
  expect(after).toEqual(before)
  const rows = await sql<{ count: number }>`select count(*) as count from activity_tallies`.execute(db)
  expect(rows.rows[0]?.count).toBe(after[0]?.length)
})

test('a number beside a list is what the list holds', async () => {
  for (const query of [
    '',
    'kind=cafe',
    'kind=cafe&kind=letter&country=GB',
    'country=FJ',
    'week=2026',
    'country=SE',
    'q=film',
    'day=2027-10-19',
  ]) {
    const question = await ask(`${query}&limit=100`)
    const all: string[] = []
    for (let page = 1; ; page++) {
      const { activities } = await listActivities(
        db,
        { ...question, filter: { ...question.filter, page } },
        now,
      )
      all.push(...activities.map(({ slug }) => slug))
      if (activities.length < 100) break
    }
    expect([query, await countActivities(db, question)]).toEqual([query, all.length])
    expect(new Set(all).size).toBe(all.length)
  }
})

test('the numbers of a week leave out what was cancelled', async () => {
  const counts = await countsOf(db, 2027)
  const published = await sql<{ count: number; countries: number }>`
    select count(*) as count, count(distinct country) as countries from activities where week = 2027 and state = 'published'`.execute(
    db,
  )
  expect(counts.activities).toBe(published.rows[0]?.count)
  expect(counts.countries).toBe(published.rows[0]?.countries)
  expect(counts.byKind.reduce((sum, { count }) => sum + count, 0)).toBe(counts.activities)
  // What was cancelled can still be found, so that a country may stand here with nothing else.
  const listed = await sql<{ country: string }>`select country from activities
    where week = 2027 and country is not null and (state = 'published' or (state = 'cancelled' and published is not null))
    group by country order by count(*) desc, country`.execute(db)
  expect(await countriesOf(db, 2027)).toEqual(listed.rows.map(({ country }) => country))
  expect(await countsOf(db, 2031)).toEqual({ activities: 0, countries: 0, byKind: [], byCountry: [] })
})

test('the weeks of which something is listed are those that have a list', async () => {
  const { rows } = await sql<{ week: number }>`select distinct week from activities
    where state = 'published' or (state = 'cancelled' and published is not null) order by 1`.execute(db)
  expect(rows.length).toBeGreaterThan(1)
  expect((await weeksListed(db)).toSorted((a, b) => a - b)).toEqual(rows.map(({ week }) => week))
})

test('the map of the world is the same from the tallies and from counting', async () => {
  const tallied = await clustersByCountry(db, await ask(''))
  const counted = await clustersByCountry(db, await ask('from=2000-01-01&week=2027'))
  const withoutUntimed = counted.countries.map(({ country }) => country)
  expect(tallied.countries.map(({ country }) => country)).toEqual(withoutUntimed)
  expect(tallied).toEqual(counted)
})

test('the clock moves a series on to its next date, over the one that is off, and not beyond the last', async () => {
  const start = async () =>
    (
      await db
        .selectFrom('activities')
        .select('sortStart')
        .where('slug', '=', 'weekly')
        .executeTakeFirstOrThrow()
    ).sortStart.toISOString()
  for (const [at, expected] of [
    ['2027-10-19T08:00:00Z', '2027-10-19T09:00:00.000Z'],
    ['2027-10-19T10:00:00Z', '2027-10-19T09:00:00.000Z'],
    ['2027-10-19T11:00:01Z', '2027-11-03T10:00:00.000Z'],
    ['2027-11-03T12:00:01Z', '2027-11-09T10:00:00.000Z'],
    ['2027-12-01T12:00:00Z', '2027-11-09T10:00:00.000Z'],
  ] as const) {
    await moveSeriesOn(db, {}, new Date(at))
    expect([at, await start()]).toEqual([at, expected])
  }
})
