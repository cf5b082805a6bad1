import { beforeAll, beforeEach, expect, test } from 'vitest'
import { nextThree } from '#activities/server/reads/next.ts'
import { anybody } from '#kernel/viewer.ts'
import { weekByYear } from '#weeks/server/reads.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
beforeAll(() => makeWeek(db))
beforeEach(() => db.deleteFrom('activities').execute())

async function next(now: string): Promise<string[]> {
  const week = await weekByYear(db, anybody, 2027)
  return week ? (await nextThree(db, week, new Date(now))).map(({ title }) => title) : []
}
const at = (title: string, startLocal: string, more: object = {}) =>
  makeActivity(db, { title, startLocal, ...more })

test('the three that come next are shown, in their order, and no more', async () => {
  await at('Four', '2027-10-21T10:00')
  await at('Two', '2027-10-19T10:00')
  await at('One', '2027-10-18T10:00')
  await at('Three', '2027-10-20T10:00')
  expect(await next('2027-10-01T12:00:00Z')).toEqual(['One', 'Two', 'Three'])
  expect(await next('2027-10-19T08:00:00Z')).toEqual(['Two', 'Three', 'Four'])
})

test('what is on now is shown, what has ended is not', async () => {
  await at('Morning', '2027-10-19T10:00', { endLocal: '2027-10-19T12:00' })
  await at('Evening', '2027-10-19T19:00', { endLocal: '2027-10-19T21:00' })
  expect(await next('2027-10-19T10:30:00Z')).toEqual(['Morning', 'Evening'])
  expect(await next('2027-10-19T12:30:00Z')).toEqual(['Evening'])
})

test('what is cancelled, waits, or has no day is never shown; nor is anything of a week that is over', async () => {
  await at('Off', '2027-10-19T10:00', { state: 'cancelled', published: '2027-09-01T00:00:00Z' })
  await at('Waits', '2027-10-19T10:00', { state: 'waiting' })
  await at('Real', '2027-10-24T10:00', { endLocal: '2027-10-24T12:00' })
  expect(await next('2027-10-18T10:00:00Z')).toEqual(['Real'])
  expect(await next('2027-11-18T10:00:00Z')).toEqual([])
})
