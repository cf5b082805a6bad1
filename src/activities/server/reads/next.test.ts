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
  return week ? (await nextThree(db, week, new Date(now))).activities.map(({ title }) => title) : []
}
async function which(now: string): Promise<string> {
  const week = await weekByYear(db, anybody, 2027)
  return week ? (await nextThree(db, week, new Date(now))).which : ''
}
const at = (title: string, startLocal: string, more: object = {}) =>
  makeActivity(db, { title, startLocal, ...more })

test('the three that come next are shown, in their order, and no more', async () => {
  await at('Four', '2027-10-21T10:00')
  await at('Two', '2027-10-19T10:00')
  await at('One', '2027-10-18T10:00')
  await at('Three', '2027-10-20T10:00')
  expect(await next('2027-10-01T12:00:00Z')).toEqual(['One', 'Two', 'Three'])
  expect(await next('2027-10-16T08:00:00Z')).toEqual(['One', 'Two', 'Three'])
})

test('before the week they are the first of its own days, not of the days around it', async () => {
  await at('Weeks before', '2027-09-25T10:00')
  await at('Weeks after', '2027-11-15T10:00')
  expect([await next('2027-09-20T12:00:00Z'), await which('2027-09-20T12:00:00Z')]).toEqual([
    ['Weeks before', 'Weeks after'],
    'next',
  ])
  await at('On Monday', '2027-10-18T10:00')
  await at('On Sunday', '2027-10-24T10:00')
  expect(await next('2027-09-20T12:00:00Z')).toEqual(['On Monday', 'On Sunday'])
  expect(await which('2027-09-20T12:00:00Z')).toBe('first')
})

test('in the week they are today’s, by the clock of each place, and called so only then', async () => {
  await at('Tomorrow', '2027-10-20T10:00')
  expect([await next('2027-10-19T08:00:00Z'), await which('2027-10-19T08:00:00Z')]).toEqual([
    ['Tomorrow'],
    'next',
  ])
  await at('Today', '2027-10-19T15:00')
  await at('Tomorrow there', '2027-10-20T07:00', { zone: 'Pacific/Auckland' })
  await at('All day', '', { timing: 'day', startDay: '2027-10-19', startLocal: null })
  expect(await next('2027-10-19T08:00:00Z')).toEqual(['All day', 'Today'])
  expect(await which('2027-10-19T08:00:00Z')).toBe('today')
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
