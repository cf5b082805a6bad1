import type { Db } from '#platform/server/db.ts'
import { makeActivity, makeWeek } from './make.ts'

const nowhere = { lat: null, lon: null, placeName: null }

/** Makes a few activities of every sort and state in two weeks: what lists, maps, pages and feeds are tried on. */
export async function makeVillage(db: Db): Promise<void> {
  await makeWeek(db)
  await makeWeek(db, { year: 2026, monday: '2026-10-19', name: 'The week before', state: 'closed' })
  const leeds = await db
    .insertInto('groups')
    .values({ slug: 'leeds', name: 'Leeds', country: 'GB' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const hidden = await db
    .insertInto('groups')
    .values({ slug: 'hidden', name: 'Hidden', country: 'GB', hidden: true })
    .returning('id')
    .executeTakeFirstOrThrow()
  await makeActivity(db, {
    slug: 'cafe-leeds',
    title: 'Café and crêpes',
    group: leeds.id,
    access: ['step-free', 'quiet-space'],
    welcome: ['families'],
    languages: ['en'],
  })
  await makeActivity(db, {
    slug: 'danish-talk',
    kind: 'talk',
    title: 'Foredrag på Århus bibliotek',
    startLocal: '2027-10-18T18:00',
    endLocal: '2027-10-19T01:00',
    zone: 'Europe/Copenhagen',
    town: 'Aarhus',
    country: 'DK',
    lat: 56.16,
    lon: 10.2,
    languages: ['da', 'fr-CA'],
    signLanguages: ['dsl'],
    access: ['step-free'],
    welcome: ['staff', 'new-to-it'],
  })
  await makeActivity(db, {
    slug: 'letter-anytime',
    kind: 'letter',
    title: 'Write to the council',
    timing: 'week',
    mode: 'nowhere',
    town: null,
    country: 'IE',
    ...nowhere,
  })
  await makeActivity(db, {
    slug: 'display-for-days',
    kind: 'display',
    title: 'A wall of pictures',
    timing: 'day',
    startDay: '2027-10-20',
    endDay: '2027-10-23',
    town: 'Suva',
    country: 'FJ',
    lat: -17.8,
    lon: 179.9,
  })
  await makeActivity(db, {
    slug: 'taveuni',
    title: 'On the other side',
    town: 'Taveuni',
    country: 'FJ',
    startLocal: '2027-10-22T09:00',
    zone: 'Pacific/Fiji',
    lat: -16.9,
    lon: -179.95,
    mode: 'hybrid',
  })
  await makeActivity(db, {
    slug: 'online-evening',
    kind: 'broadcast',
    title: 'Ask us anything',
    mode: 'online',
    startLocal: '2027-10-21T20:00',
    town: null,
    country: null,
    ...nowhere,
  })
  await makeActivity(db, {
    slug: 'weekly',
    kind: 'group-meeting',
    title: 'Every Tuesday',
    group: hidden.id,
    series: JSON.stringify({ every: 'week', until: '2027-11-09' }),
    occurrences: [
      { day: '2027-10-19' },
      { day: '2027-10-26', status: 'cancelled' },
      { day: '2027-11-02', startLocal: '2027-11-03T10:00' },
      { day: '2027-11-09' },
    ],
  })
  await makeActivity(db, {
    slug: 'night-shift',
    kind: 'taster',
    title: 'Taster for night staff',
    privatePlace: true,
    placeName: 'Fernhollow House',
    address: '1 Secret Lane',
    lat: 53.79518,
    lon: -1.55435,
    publicLat: 53.8,
    publicLon: -1.55,
    startLocal: '2027-10-24T21:15',
  })
  await makeActivity(db, { slug: 'called-off', state: 'cancelled', published: '2027-09-02T10:00:00Z' })
  await makeActivity(db, { slug: 'called-off-unread', state: 'cancelled' })
  for (const state of [
    'unverified',
    'waiting',
    'asked-for-more',
    'by-link',
    'declined',
    'withdrawn',
  ] as const) {
    await makeActivity(db, { slug: `not-${state}`, state, published: '2027-09-02T10:00:00Z' })
  }
  await makeActivity(db, { slug: 'last-year', week: 2026, startLocal: '2026-10-20T10:00' })
}
