import { beforeAll, beforeEach, expect, test } from 'vitest'
import { noNumbers } from '#stories/counts.ts'
import {
  activitiesByDay,
  activitiesByKind,
  newPeopleOf,
  numbersOfWeek,
  numbersOfWeeks,
  weeksTold,
} from '#stories/server/reads/counts.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeAudiences, makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
const week = { year: 2027, monday: '2027-10-18' }
const report = (activity: string, came: number, newPeople: number, audiences: Record<string, number> = {}) =>
  db
    .insertInto('attendanceReports')
    .values({ activity, came, newPeople, audiences: JSON.stringify(audiences) })
    .execute()

beforeAll(async () => {
  await makeWeek(db)
  await makeAudiences(db)
  await makeWeek(db, { year: 2026, monday: '2026-10-19', name: 'Last year' })
})
beforeEach(async () => {
  await db.deleteFrom('stories').execute()
  await db.deleteFrom('activities').execute()
})

test('a week with nothing has noughts, not gaps', async () => {
  expect(await numbersOfWeek(db, 2027, now)).toEqual(noNumbers)
  expect(await newPeopleOf(db, 2027)).toEqual([])
  expect(await activitiesByDay(db, week)).toEqual([])
})

test('activities, countries, people and stories of the week are counted, other weeks are not', async () => {
  const one = await makeActivity(db)
  const two = await makeActivity(db, { country: 'DK' })
  await makeActivity(db, { mode: 'online', country: null, town: null, lat: null, lon: null })
  const old = await makeActivity(db, { week: 2026 })
  await report(one.id, 10, 4)
  await report(two.id, 5, 5)
  await report(old.id, 100, 50)
  await makeStory(db)
  await makeStory(db, { activity: one.id })
  expect(await numbersOfWeek(db, 2027, now)).toEqual({
    activities: 3,
    countries: 2,
    came: 15,
    newPeople: 9,
    stories: 2,
  })
  expect((await numbersOfWeeks(db, now)).get(2026)).toMatchObject({ activities: 1, came: 100, stories: 0 })
})

test('what is cancelled, hidden or not published never counts, nor does its report', async () => {
  for (const state of [
    'cancelled',
    'withdrawn',
    'declined',
    'waiting',
    'by-link',
    'unverified',
    'asked-for-more',
  ] as const) {
    const { id } = await makeActivity(db, { state, published: '2027-09-01T00:00:00Z' })
    await report(id, 10, 5, { friend: 5 })
  }
  for (const state of ['hidden', 'withdrawn', 'waiting', 'draft', 'declined'] as const)
    await makeStory(db, { state })
  const later = await makeActivity(db, { startLocal: '2027-10-23T10:00', state: 'by-link' })
  await makeStory(db, { activity: later.id })
  expect(await numbersOfWeek(db, 2027, now)).toEqual(noNumbers)
  expect(await newPeopleOf(db, 2027)).toEqual([])
  expect(await activitiesByKind(db, 2027)).toEqual([])
  expect(await activitiesByDay(db, week)).toEqual([])
})

test('a series is one activity; on its days it counts once each, and not on one that is called off', async () => {
  await makeActivity(db, {
    occurrences: [{ day: '2027-10-18' }, { day: '2027-10-19', status: 'cancelled' }, { day: '2027-10-20' }],
  })
  expect(await numbersOfWeek(db, 2027, now)).toMatchObject({ activities: 1, countries: 1 })
  expect(await activitiesByKind(db, 2027)).toEqual([{ kind: 'cafe', activities: 1 }])
  expect(await activitiesByDay(db, week)).toEqual([
    { day: '2027-10-18', activities: 1 },
    { day: '2027-10-20', activities: 1 },
  ])
})

test('who was new is shown only when five activities have told it, and finer answers are added to their plain group', async () => {
  const one = await makeActivity(db)
  await report(one.id, 10, 9, { colleagues: 2, 'colleague-new': 3, friend: 1, anyone: 1 })
  expect(await newPeopleOf(db, 2027)).toBe('too-few')
  for (let more = 2; more <= 4; more += 1) {
    await report((await makeActivity(db)).id, 1, 1, { friend: 1 })
    expect(await newPeopleOf(db, 2027)).toBe('too-few')
  }
  // One that says nothing of who, and one that no longer counts, are no company.
  await report((await makeActivity(db)).id, 20, 9, { family: 0 })
  await report((await makeActivity(db)).id, 20, 9)
  await report((await makeActivity(db, { state: 'cancelled' })).id, 20, 9, { friend: 9 })
  expect(await newPeopleOf(db, 2027)).toBe('too-few')
  await report((await makeActivity(db)).id, 1, 1, { anyone: 1 })
  expect(await newPeopleOf(db, 2027)).toEqual([
    { cluster: 'colleagues', people: 5 },
    { cluster: 'friends-family', people: 4 },
    { cluster: 'anyone', people: 2 },
  ])
})

test('the weeks that have a story anybody can read are those, and no others', async () => {
  await makeStory(db, { week: 2026 })
  await makeStory(db, { week: 2026 })
  await makeStory(db, { state: 'hidden' })
  expect(await weeksTold(db, now)).toEqual([2026])
})
