import { expect, test } from 'vitest'
import { noFilter } from '#activities/filter.ts'
import { weekCalendar } from '#activities/server/reads/calendar.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
await makeWeek(db)

const slugsOf = async (wanted: string | null) => {
  const days = await weekCalendar(
    db,
    { filter: noFilter, week: await askedWeek(db, anybody, null, now) },
    now,
  )
  return days
    .find(({ day, outside }) => outside === null && day === wanted)
    ?.activities.map(({ slug }) => slug)
}

test('a day stands in the order of its own clocks, wherever they are; what has no time, or goes on from the day before, stands first', async () => {
  await makeActivity(db, { slug: 'suva-ten', startLocal: '2027-10-19T10:00', zone: 'Pacific/Fiji' })
  await makeActivity(db, { slug: 'leeds-nine', startLocal: '2027-10-19T09:00' })
  await makeActivity(db, {
    slug: 'honolulu-eight',
    startLocal: '2027-10-19T08:00',
    zone: 'Pacific/Honolulu',
  })
  await makeActivity(db, { slug: 'a-wall', timing: 'day', startDay: '2027-10-19' })
  await makeActivity(db, {
    slug: 'night-shift',
    startLocal: '2027-10-18T22:00',
    endLocal: '2027-10-19T06:00',
  })
  await makeActivity(db, {
    slug: 'moved-to-half-past-nine',
    startLocal: '2027-10-12T20:00',
    zone: 'Australia/Hobart',
    series: JSON.stringify({ every: 'week', until: '2027-10-19' }),
    occurrences: [{ day: '2027-10-12' }, { day: '2027-10-19', startLocal: '2027-10-19T09:30' }],
  })
  await makeActivity(db, {
    slug: 'a-letter',
    timing: 'week',
    mode: 'online',
    lat: null,
    lon: null,
    placeName: null,
  })
  expect(await slugsOf('2027-10-19')).toEqual([
    'a-wall',
    'night-shift',
    'honolulu-eight',
    'leeds-nine',
    'moved-to-half-past-nine',
    'suva-ten',
  ])
  expect(await slugsOf('2027-10-18')).toEqual(['night-shift'])
  expect(await slugsOf(null)).toEqual(['a-letter'])
})

test('what stands on none of the seven days is shown before and after them, once, and counted', async () => {
  await makeActivity(db, { slug: 'early', startLocal: '2027-10-09T10:00' })
  await makeActivity(db, { slug: 'late', timing: 'day', startDay: '2027-11-01', startLocal: null })
  const parts = async (query: Partial<typeof noFilter>) => {
    const question = { filter: { ...noFilter, ...query }, week: await askedWeek(db, anybody, null, now) }
    const all = await weekCalendar(db, question, now)
    return ['before', 'after'].map((wanted) => {
      const part = all.find(({ outside }) => outside === wanted)
      return part && [part.total, part.activities.map(({ slug }) => slug)]
    })
  }
  expect(await parts({})).toEqual([
    [1, ['early']],
    [1, ['late']],
  ])
  expect(await parts({ from: '2027-10-10' })).toEqual([undefined, [1, ['late']]])
  expect(await parts({ day: '2027-10-19' })).toEqual([undefined, undefined])
})
