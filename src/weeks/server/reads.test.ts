import { beforeEach, expect, test } from 'vitest'
import { anybody, theSite } from '#kernel/viewer.ts'
import { closes, opens } from '#weeks/week.ts'
import { currentWeek, listWeeks, pastWeeks, weekByYear, weekInSight } from '#weeks/server/reads.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()
beforeEach(async () => {
  await db.deleteFrom('weeks').execute()
})

const add = (year: number, monday: string, state: 'draft' | 'announced' | 'closed', example = false) =>
  db
    .insertInto('weeks')
    .values({
      year,
      monday,
      name: `Week ${year}`,
      state,
      example,
      announced: state === 'draft' ? null : new Date(),
    })
    .execute()
const yearAt = async (now: Date | string) => (await currentWeek(db, new Date(now)))?.year ?? null

test('without a week, or with drafts only, there is no current week', async () => {
  expect(await yearAt('2027-01-01')).toBeNull()
  await add(2027, '2027-10-18', 'draft')
  expect(await yearAt('2027-01-01')).toBeNull()
})

test('the current week is the announced one that comes next, until the moment it is over everywhere', async () => {
  await add(2016, '2016-10-10', 'closed')
  await add(2027, '2027-10-18', 'announced')
  await add(2028, '2028-10-16', 'announced')
  const week = { monday: '2027-10-18' }
  expect(await yearAt('2026-01-01')).toBe(2027)
  expect(await yearAt(opens(week))).toBe(2027)
  expect(await yearAt(new Date(closes(week).getTime() - 1))).toBe(2027)
  expect(await yearAt(closes(week))).toBe(2028)
  expect(await yearAt('2029-01-01')).toBe(2028)
})

test('after the last week the newest stays the current one, and a real week comes before an example', async () => {
  await add(2016, '2016-10-10', 'closed')
  await add(2022, '2022-10-17', 'closed')
  expect(await yearAt('2025-01-01')).toBe(2022)
  await add(2027, '2027-10-18', 'announced', true)
  expect(await yearAt('2025-01-01')).toBe(2027)
  await add(2028, '2028-10-16', 'announced')
  expect(await yearAt('2025-01-01')).toBe(2028)
})

test('no week is in sight once the newest is an archive; the archives are offered, never a draft', async () => {
  const sight = async (now: string) => (await weekInSight(db, new Date(now)))?.year ?? null
  const past = async (now: string) => (await pastWeeks(db, new Date(now))).map((week) => week.year)
  await add(2016, '2016-10-10', 'closed')
  await add(2022, '2022-10-17', 'announced')
  await add(2030, '2030-10-14', 'draft')
  expect([await sight('2022-10-30'), await past('2022-10-30')]).toEqual([2022, [2016]])
  expect([await sight('2022-12-30'), await past('2022-12-30')]).toEqual([null, [2022, 2016]])
  await add(2027, '2027-10-18', 'announced')
  expect([await sight('2026-12-30'), await past('2026-12-30')]).toEqual([2027, [2022, 2016]])
})

test('a draft is there for organisers and for nobody else', async () => {
  await add(2026, '2026-10-19', 'draft')
  await add(2022, '2022-10-17', 'closed')
  expect(await weekByYear(db, anybody, 2026)).toBeNull()
  expect((await weekByYear(db, theSite, 2026))?.sunday).toBe('2026-10-25')
  expect((await listWeeks(db, anybody)).map((week) => week.year)).toEqual([2022])
  expect((await listWeeks(db, theSite)).map((week) => week.year)).toEqual([2026, 2022])
})
