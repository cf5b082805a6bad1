import { beforeAll, expect, test } from 'vitest'
import { asSchemaOrg } from '#activities/schema-org.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { Refusal } from '#kernel/refusal.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'
import { makeVillage } from '../../../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')

beforeAll(() => makeVillage(db))

test.each([
  ['cafe-leeds', 'published', true, 'published'],
  ['called-off', 'cancelled', true, 'cancelled'],
  ['called-off-unread', 'cancelled', false, 'cancelled'],
  ['not-waiting', 'waiting', false, 'published'],
  ['not-asked-for-more', 'asked-for-more', false, 'published'],
  ['not-by-link', 'by-link', false, 'published'],
])('whoever has the address of %s reads it', async (slug, state, listed, status) => {
  expect(await activityPage(db, slug, now)).toMatchObject({ slug, state, listed, status })
})

test('a series that waits is on, on each of its dates but those called off', async () => {
  const { slug } = await makeActivity(db, {
    state: 'waiting',
    series: JSON.stringify({ every: 'week', until: '2027-10-26' }),
    occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26', status: 'cancelled' }],
  })
  const { occurrences } = await activityPage(db, slug, now)
  expect(occurrences.map(({ status }) => status)).toEqual(['published', 'cancelled'])
})

test.each(['not-unverified', 'not-declined', 'not-withdrawn', 'never-was', '', '\0', 'x'.repeat(5000)])(
  '%s is missing, like what never was',
  async (slug) => {
    const no = await activityPage(db, slug, now).catch((error: unknown) => error)
    expect(no).toBeInstanceOf(Refusal)
    expect(no).toMatchObject({ kind: 'missing', key: 'refusal.missing', params: {} })
  },
)

test('the page of a private place gives its town away and nothing more', async () => {
  const page = await activityPage(db, 'night-shift', now)
  expect(page).toMatchObject({
    address: null,
    placeDetails: null,
    place: { name: null, town: 'Leeds', exact: false },
  })
  expect(JSON.stringify(page)).not.toMatch(/Fernhollow|Secret|53\.79518|1\.55435/)
})

test('how to join online and whom the host hopes to reach are on no page', async () => {
  const { slug } = await makeActivity(db, {
    mode: 'hybrid',
    joinUrl: 'https://meet.example/secret-room',
    joinDetails: 'The word is marmalade',
    audiences: ['councillor'],
    hostEmail: 'host@example.org',
  })
  expect(JSON.stringify(await activityPage(db, slug, now))).not.toMatch(
    /secret-room|marmalade|councillor|host@/,
  )
})

test('the page names the kind, the group and the week', async () => {
  expect(await activityPage(db, 'cafe-leeds', now)).toMatchObject({
    group: 'leeds',
    groupName: 'Leeds',
    monday: '2027-10-18',
    sunday: '2027-10-24',
  })
  expect(await activityPage(db, 'weekly', now)).toMatchObject({ group: null, groupName: null })
})

test('data for search engines says the same', async () => {
  const { slug } = await makeActivity(db, { title: 'Tea', timing: 'week' })
  const page = await activityPage(db, slug, now)
  const about = { url: 'https://week.example/a', hostName: '', week: { from: page.monday, to: page.sunday } }
  expect(asSchemaOrg(page, about)).toMatchObject({
    '@type': 'Event',
    name: 'Tea',
    startDate: '2027-10-18',
    endDate: '2027-10-24',
    eventStatus: 'https://schema.org/EventScheduled',
    location: [{ '@type': 'Place', address: { addressLocality: 'Leeds', addressCountry: 'GB' } }],
  })
})
