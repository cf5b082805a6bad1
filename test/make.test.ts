import { expect, test } from 'vitest'
import { testDatabase } from './db.ts'
import { makeActivity, makeWeek } from './make.ts'

const db = await testDatabase()

test('made activities stand as the site would have kept them', async () => {
  await makeWeek(db)
  await makeActivity(db, { slug: 'timed' })
  await makeActivity(db, { slug: 'whole-day', timing: 'day', startDay: '2027-10-20', endDay: '2027-10-21' })
  await makeActivity(db, { slug: 'any-time', timing: 'week', mode: 'nowhere', lat: null, lon: null })
  await makeActivity(db, {
    slug: 'series',
    occurrences: [{ day: '2027-10-19' }, { day: '2027-11-02', status: 'cancelled' }],
  })
  const rows = await db
    .selectFrom('occurrences')
    .innerJoin('activities', 'activities.id', 'occurrences.activity')
    .select(['slug', 'occurrences.startDay', 'occurrences.endDay', 'starts', 'ends', 'status'])
    .orderBy('slug')
    .orderBy('starts')
    .execute()
  const seen = rows.map((row) => [
    row.slug,
    row.startDay,
    row.endDay,
    new Date(row.starts).toISOString(),
    new Date(row.ends).toISOString(),
    row.status,
  ])
  expect(seen).toEqual([
    ['series', '2027-10-19', '2027-10-19', '2027-10-19T09:00:00.000Z', '2027-10-19T11:00:00.000Z', 'on'],
    [
      'series',
      '2027-11-02',
      '2027-11-02',
      '2027-11-02T10:00:00.000Z',
      '2027-11-02T12:00:00.000Z',
      'cancelled',
    ],
    ['timed', '2027-10-19', '2027-10-19', '2027-10-19T09:00:00.000Z', '2027-10-19T11:00:00.000Z', 'on'],
    ['whole-day', '2027-10-20', '2027-10-21', '2027-10-19T10:00:00.000Z', '2027-10-22T12:00:00.000Z', 'on'],
  ])
})
