import { sql, type ControlledTransaction } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listRoles } from '#accounts/server/reads/people.ts'
import { noFilter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { activityForReview } from '#activities/server/reads/review.ts'
import { followWeek } from '#activities/server/tasks/follow-week.ts'
import { countsOf } from '#activities/server/reads/counts.ts'
import { queueOf } from '#desk/server/reads.ts'
import {
  bringExampleBack,
  exampleState,
  makeOwnWeek,
  removeOldExample,
  setExampleAside,
} from '#desk/server/example.ts'
import { keepRetention } from '#desk/server/tasks.ts'
import { groupsLedBy, listGroups } from '#groups/server/reads.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { listOrganisations, organisationOf } from '#organisations/server/reads/organisations.ts'
import type { Database } from '#platform/server/db.ts'
import { siteSettings } from '#site/server/reads.ts'
import { shownStories } from '#stories/server/reads/shown.ts'
import { currentWeek, kindsOf, listWeeks, weekByYear, weekInSight } from '#weeks/server/reads.ts'
import { announceWeek, saveWeek, type SaveWeek } from '#weeks/server/writes/week.ts'
import { seedExample } from '../../scripts/seed.ts'
import { codesInMails } from '../../test/codes.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory } from '../../test/make.ts'

const seeded = await testDatabase()
/** The seeded database, in a transaction of each test that is taken back: filling it takes longer than all tests do. */
let db: ControlledTransaction<Database>
const now = new Date('2027-09-01T09:00Z')
const sixDaysLater = new Date('2027-09-07T09:00Z')
const eightDaysLater = new Date('2027-09-09T09:00Z')
const marked = ['weeks', 'accounts', 'groups', 'activities', 'stories', 'concerns', 'organisations'] as const

async function examples(): Promise<number> {
  let count = 0
  for (const table of marked)
    count += (await db.selectFrom(table).select('example').where('example', '=', true).execute()).length
  return count
}

/** Everything in the tables of the example, settings and log left out. */
async function everything(): Promise<unknown> {
  const tables =
    'weeks kinds verbs audiences groups activities occurrences hosts rsvps attendance_reports stories'
  const rows = []
  for (const table of [...tables.split(' '), 'concerns', 'organisations', 'accounts', 'roles', 'members']) {
    const all = await sql<{
      row: string
    }>`select t::text as row from ${sql.table(table)} t order by 1`.execute(db)
    rows.push([table, all.rows.map(({ row }) => row)])
  }
  return rows
}

/** What anybody can find. */
async function seen() {
  const week = await currentWeek(db, now)
  const everyDay = { ...noFilter, from: '2000-01-01', to: '2100-01-01' }
  const days = await listActivities(db, { filter: everyDay, week: null }, now)
  const inWeek = await listActivities(db, { filter: { ...noFilter, week: 2027 }, week }, now)
  const stories = await shownStories(db, now).select('s.slug').execute()
  return {
    week: week?.example ? week.year : null,
    activities: days.total + inWeek.total + (await countsOf(db, 2027)).activities,
    stories: stories.length,
    groups: (await listGroups(db)).length,
  }
}

const week = (over: Partial<SaveWeek>): SaveWeek => ({
  year: 2027,
  monday: '2027-10-18',
  name: 'Quiet Week',
  theme: null,
  dayThemes: [],
  hashtag: null,
  announcement: null,
  policy: null,
  from: null,
  formKey: '',
  fresh: true,
  ...over,
})

beforeAll(() => seedExample(seeded, now))
beforeEach(async () => {
  db = await seeded.startTransaction().execute()
})
afterEach(async () => {
  const codes = await codesInMails(db)
  await db.rollback().execute()
  expect(codes).toEqual([])
})

describe('removing the example', () => {
  test('hides all of it at once, from visitors and from the desk, and keeps it', async () => {
    const before = await seen()
    expect(before).toMatchObject({ week: 2027, groups: expect.any(Number) })
    for (const count of [before.activities, before.stories, before.groups]) expect(count).toBeGreaterThan(0)
    expect((await queueOf(db, theSite)).activities.length).toBeGreaterThan(0)
    const first = (await listOrganisations(db, theSite))[0]?.slug ?? ''
    expect(await organisationOf(db, theSite, first)).not.toBeNull()
    expect((await listRoles(db, theSite)).map((one) => one.role)).toContain('organisation-lead')
    const there = await examples()
    await setExampleAside(db, theSite, {}, now)
    expect(await seen()).toEqual({ week: null, activities: 0, stories: 0, groups: 0 })
    expect(await queueOf(db, theSite)).toMatchObject({ concerns: [], activities: [], stories: [] })
    expect(await groupsLedBy(db, theSite)).toEqual([])
    expect(await listOrganisations(db, theSite)).toEqual([])
    expect(await organisationOf(db, theSite, first)).toBeNull()
    expect(await listRoles(db, theSite)).toEqual([])
    expect((await listWeeks(db, theSite)).map((one) => one.year)).toEqual([2022, 2016])
    expect(await weekByYear(db, theSite, 2027)).toBeNull()
    expect((await siteSettings(db)).example).toBe(false)
    expect(await examples()).toBe(there)
    const { id } = await db
      .selectFrom('activities')
      .select('id')
      .where('setAside', '=', 'published')
      .limit(1)
      .executeTakeFirstOrThrow()
    await expect(activityForReview(db, theSite, id)).rejects.toMatchObject({ kind: 'missing' })
    expect(await exampleState(db, theSite)).toMatchObject({
      shown: false,
      until: new Date('2027-09-08T09:00Z'),
      mayComeBack: true,
      own: [],
    })
  })

  test('is undone in one press, to the letter', async () => {
    const before = await everything()
    await setExampleAside(db, theSite, {}, now)
    await setExampleAside(db, theSite, {}, sixDaysLater)
    expect((await siteSettings(db)).exampleAside).toBe(now.toISOString())
    expect(await everything()).not.toEqual(before)
    await bringExampleBack(db, theSite, {}, sixDaysLater)
    await bringExampleBack(db, theSite, {}, sixDaysLater)
    expect(await everything()).toEqual(before)
    expect(await siteSettings(db)).toMatchObject({ example: true, exampleAside: null })
  })

  test('is for good after seven days, by the clock', async () => {
    await setExampleAside(db, theSite, {}, now)
    expect(await removeOldExample(db, sixDaysLater)).toBe(0)
    expect(await examples()).toBeGreaterThan(0)
    await keepRetention(db, {}, eightDaysLater)
    await keepRetention(db, {}, eightDaysLater)
    expect(await examples()).toBe(0)
    const runs = await db.selectFrom('retentionRuns').select('count').where('what', '=', 'example').execute()
    expect(runs).toHaveLength(1)
    expect(runs[0]?.count).toBeGreaterThan(80)
    await expect(bringExampleBack(db, theSite, {}, eightDaysLater)).rejects.toMatchObject({
      key: 'setup.example-too-late',
    })
    expect((await listWeeks(db, theSite)).map((one) => one.year)).toEqual([2022, 2016])
  })

  test('an example that is shown is never removed by the clock', async () => {
    expect(await removeOldExample(db, new Date('2030-01-01'))).toBe(0)
    expect((await seen()).activities).toBeGreaterThan(0)
  })

  test('is for organisers, and so is bringing it back', async () => {
    const before = await everything()
    const no = { kind: 'forbidden' }
    await expect(setExampleAside(db, anybody, {}, now)).rejects.toMatchObject(no)
    await expect(bringExampleBack(db, anybody, {}, now)).rejects.toMatchObject(no)
    await expect(exampleState(db, anybody)).rejects.toMatchObject(no)
    await expect(makeOwnWeek(db, anybody, week({}), now)).rejects.toMatchObject(no)
    expect(await everything()).toEqual(before)
  })
})

describe('what real people made in the example week', () => {
  const real = async () => {
    const { id, slug } = await makeActivity(db, { slug: 'a-real-one' })
    await makeActivity(db, { slug: 'some-time', timing: 'week', lat: null, lon: null })
    const story = await makeStory(db, { slug: 'a-real-story' })
    return { id, slug, story: story.slug }
  }
  const hasDraft = async () => {
    const draft = await weekByYear(db, theSite, 2027)
    expect(draft).toMatchObject({ state: 'draft', example: false, theme: null, dayThemes: [] })
    expect(draft).toMatchObject({ hashtag: null, announcement: null })
  }

  test('stays, and its week becomes the organisers’ own draft, at once and after the example is gone', async () => {
    const { slug, story } = await real()
    await setExampleAside(db, theSite, {}, now)
    for (const at of [now, eightDaysLater]) {
      await keepRetention(db, {}, at)
      await hasDraft()
      expect(await weekInSight(db, now)).toBeNull()
      expect((await activityPage(db, slug, now)).title).toBe('Coffee morning')
      expect(
        (await shownStories(db, new Date('2027-10-30')).select('s.slug').execute()).map((s) => s.slug),
      ).toEqual([story])
    }
    expect(await examples()).toBe(0)
    const left = await db.selectFrom('activities').select(['slug', 'week']).orderBy('slug').execute()
    expect(left).toEqual([
      { slug: 'a-real-one', week: 2027 },
      { slug: 'some-time', week: 2027 },
    ])
  })

  test('is on the list again once that week has its real date and is announced; what has no day follows it', async () => {
    await real()
    await setExampleAside(db, theSite, {}, now)
    await saveWeek(db, theSite, week({ fresh: false, monday: '2027-10-25' }), now)
    const jobs = await sql<{ task: string }>`select t.identifier as task
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id`.execute(
      db,
    )
    expect(jobs.rows.map((job) => job.task)).toContain('week.moved')
    await followWeek(db, { year: 2027 }, now)
    await followWeek(db, { year: 2027 }, now)
    await announceWeek(db, theSite, { year: 2027 }, now)
    const current = await weekInSight(db, now)
    const list = await listActivities(db, { filter: noFilter, week: current }, now)
    expect(list.activities.map((one) => one.slug)).toEqual(['a-real-one', 'some-time'])
    const free = await db
      .selectFrom('activities')
      .select(['sortStart', 'lastEnd', 'sequence'])
      .where('slug', '=', 'some-time')
      .executeTakeFirstOrThrow()
    expect(free).toEqual({
      sortStart: new Date('2027-10-24T10:00Z'),
      lastEnd: new Date('2027-11-01T12:00Z'),
      sequence: 1,
    })
    // The example does not come back into a week of somebody's own.
    expect(await exampleState(db, theSite)).toMatchObject({ mayComeBack: false, own: [] })
    await expect(bringExampleBack(db, theSite, {}, now)).rejects.toMatchObject({ key: 'setup.example-own' })
    await keepRetention(db, {}, eightDaysLater)
    expect((await weekInSight(db, now))?.name).toBe('Quiet Week')
  })

  test('comes back with the example when that is brought back', async () => {
    await real()
    const before = await everything()
    await setExampleAside(db, theSite, {}, now)
    expect((await exampleState(db, theSite)).own).toMatchObject([{ year: 2027 }])
    await bringExampleBack(db, theSite, {}, now)
    expect(await everything()).toEqual(before)
  })
})

describe('a week of the organisers’ own', () => {
  test('in the year of an example that was set aside makes room for itself', async () => {
    await expect(makeOwnWeek(db, theSite, week({}), now)).rejects.toMatchObject({ field: 'year' })
    await setExampleAside(db, theSite, {}, now)
    expect(await makeOwnWeek(db, theSite, week({ formKey: 'k' }), now)).toBe(2027)
    expect(await makeOwnWeek(db, theSite, week({ formKey: 'k' }), now)).toBe(2027)
    expect(await weekByYear(db, theSite, 2027)).toMatchObject({ name: 'Quiet Week', example: false })
    expect(await kindsOf(db, 2027)).toHaveLength(15)
    expect(await examples()).toBe(0)
    expect((await siteSettings(db)).exampleAside).toBeNull()
  })

  test('in another year leaves the example its days', async () => {
    await setExampleAside(db, theSite, {}, now)
    await makeOwnWeek(db, theSite, week({ year: 2028, monday: '2028-10-16' }), now)
    expect(await exampleState(db, theSite)).toMatchObject({ mayComeBack: true })
    expect(await examples()).toBeGreaterThan(80)
  })
})
