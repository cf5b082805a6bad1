import { expect, test } from 'vitest'
import { countsOf } from '#activities/server/reads/counts.ts'
import { countriesOnNow } from '#activities/server/reads/on-now.ts'
import type { WeekStep } from '#weeks/week.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek, type ActivityOver } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const week = { year: 2027, monday: '2027-10-18', state: 'announced' as WeekStep }

const onAt = async (at: string, over: Partial<typeof week> = {}) =>
  countriesOnNow(db, { ...week, ...over }, (await countsOf(db, 2027)).byCountry, new Date(at))

const timed = (country: string, zone: string, over: ActivityOver = {}) =>
  makeActivity(db, { country, zone, lat: null, lon: null, ...over })
const untimed = (country: string, lat: number | null, lon: number | null) =>
  makeActivity(db, { country, timing: 'week', lat, lon })

test('a country counts while it is one of the seven days by the clock of one of its activities', async () => {
  for (const [country, zone] of [
    ['NZ', 'Pacific/Auckland'],
    ['GB', 'Europe/London'],
    ['US', 'America/New_York'],
    ['US', 'Pacific/Honolulu'],
    ['CA', 'America/Vancouver'],
  ] as const)
    await timed(country, zone)
  await timed('AS', 'Pacific/Pago_Pago', { state: 'cancelled', published: '2027-09-01T10:00:00Z' })

  // New Zealand is at UTC+13, Britain at +1, New York at −4, Vancouver at −7, Honolulu at −10.
  for (const [at, count] of [
    ['2027-10-17T09:59Z', 0],
    ['2027-10-17T10:59Z', 0],
    ['2027-10-17T11:00Z', 1],
    ['2027-10-17T22:59Z', 1],
    ['2027-10-17T23:00Z', 2],
    ['2027-10-18T03:59Z', 2],
    ['2027-10-18T04:00Z', 3],
    ['2027-10-18T07:00Z', 4],
    ['2027-10-20T12:00Z', 4],
    ['2027-10-24T10:59Z', 4],
    ['2027-10-24T11:00Z', 3],
    ['2027-10-24T23:00Z', 2],
    ['2027-10-25T07:00Z', 1],
    ['2027-10-25T09:59Z', 1],
    ['2027-10-25T10:00Z', 0],
    ['2027-10-26T00:00Z', 0],
  ] as const)
    expect([at, await onAt(at)]).toEqual([at, count])
})

test('what has no hour is judged by its place, and without a place by any clock of its country', async () => {
  await db.deleteFrom('activities').execute()
  await untimed('US', 21.3, -157.85)
  expect(await onAt('2027-10-18T04:00Z')).toBe(0)
  expect(await onAt('2027-10-18T10:00Z')).toBe(1)
  await untimed('US', null, null)
  expect(await onAt('2027-10-18T04:00Z')).toBe(1)
})

test('a week without a date in public is on nowhere', async () => {
  expect(await onAt('2027-10-20T12:00Z')).toBe(1)
  for (const state of ['draft', 'closed'] as const) expect(await onAt('2027-10-20T12:00Z', { state })).toBe(0)
})
