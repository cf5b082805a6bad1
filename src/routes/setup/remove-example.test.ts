import { beforeAll, expect, test } from 'vitest'
import { anybody, theSite } from '#kernel/viewer.ts'
import { siteSettings } from '#site/server/reads.ts'
import { currentWeek, listWeeks } from '#weeks/server/reads.ts'
import { seedExample } from '../../../scripts/seed.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeActivity } from '../../../test/make.ts'
import { removeExample } from './remove-example.ts'

const db = await testDatabase()
const now = new Date('2027-09-01T09:00Z')
const marked = ['weeks', 'accounts', 'groups', 'activities', 'stories', 'concerns', 'organisations'] as const

async function examples(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of marked) {
    const rows = await db.selectFrom(table).select('example').where('example', '=', true).execute()
    counts[table] = rows.length
  }
  return counts
}

beforeAll(() => seedExample(db, now))

test('whoever is not an organiser removes nothing', async () => {
  const before = await examples()
  expect(before['activities']).toBeGreaterThan(80)
  await expect(removeExample(db, anybody, {}, now)).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await examples()).toEqual(before)
})

test('one press removes every row of the example and keeps what is real, also twice', async () => {
  await makeActivity(db, { slug: 'a-real-one', week: 2027 })
  await removeExample(db, theSite, {}, now)
  await removeExample(db, theSite, {}, now)
  expect(await examples()).toEqual(Object.fromEntries(marked.map((table) => [table, 0])))
  expect((await siteSettings(db)).example).toBe(false)
  const left = await db.selectFrom('activities').select(['slug', 'week']).execute()
  expect(left).toEqual([{ slug: 'a-real-one', week: 2027 }])
  const weeks = await listWeeks(db, theSite)
  expect(weeks.map((week) => [week.year, week.state])).toEqual([
    [2027, 'draft'],
    [2022, 'closed'],
    [2016, 'closed'],
  ])
})

test('without anything of their own in it the example week itself is gone too', async () => {
  await db.deleteFrom('activities').execute()
  await db.deleteFrom('weeks').where('year', '=', 2027).execute()
  await seedExample(db, now)
  expect((await currentWeek(db, now))?.year).toBe(2027)
  await removeExample(db, theSite, {}, now)
  expect((await listWeeks(db, theSite)).map((week) => week.year)).toEqual([2022, 2016])
})
