import { beforeAll, describe, expect, test } from 'vitest'
import { readFilter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { askedWeek } from '#activities/server/reads/week.ts'
import { anybody } from '#kernel/viewer.ts'
import { asJson } from '#activities/view.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity } from '../../../../test/make.ts'
import { makeVillage } from '../../../../test/village.ts'

const db = await testDatabase()
const before = new Date('2027-10-01T12:00:00Z')

async function find(query: string, now = before) {
  const { filter, bad } = readFilter(new URLSearchParams(query))
  expect(bad).toEqual([])
  return listActivities(db, { filter, week: await askedWeek(db, anybody, filter.week, now) }, now)
}
const slugs = async (query: string, now = before) =>
  (await find(query, now)).activities.map((activity) => activity.slug)

beforeAll(() => makeVillage(db))

const everything = [
  'danish-talk',
  'cafe-leeds',
  'called-off',
  'weekly',
  'display-for-days',
  'online-evening',
  'taveuni',
  'night-shift',
  'letter-anytime',
]

describe('the list', () => {
  test('holds what was published, and what was cancelled after that, and nothing else', async () => {
    expect((await slugs('')).toSorted()).toEqual([...everything].toSorted())
  })

  test('stands by start and then by name; what is done some time in the week comes last', async () => {
    expect(await slugs('')).toEqual(everything)
  })

  test('has pages that neither lose nor repeat anything', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => find(`limit=3&page=${page}`)))
    expect(pages.flatMap((page) => page.activities.map(({ slug }) => slug))).toEqual(await slugs(''))
    expect(pages.map(({ total, pages: count }) => [total, count])).toEqual(
      Array.from({ length: 4 }, () => [9, 3]),
    )
  })

  test('is empty, and whole, when there is no such week', async () => {
    expect(await find('week=2031')).toEqual({ activities: [], total: 0, pages: 0, more: false })
  })
})

test.each<[string, string[]]>([
  ['week=2026', ['last-year']],
  ['from=2026-01-01&to=2027-10-18', ['last-year', 'danish-talk', 'letter-anytime']],
  ['kind=letter', ['letter-anytime']],
  ['kind=talk&kind=broadcast', ['danish-talk', 'online-evening']],
  ['country=DK&country=IE', ['danish-talk', 'letter-anytime']],
  ['country=SE', []],
  ['online=yes', ['online-evening', 'taveuni']],
  ['online=no&country=FJ', ['display-for-days', 'taveuni']],
  ['language=da', ['danish-talk']],
  ['language=dsl', ['danish-talk']],
  ['language=fr', ['danish-talk']],
  ['language=fr-CA', ['danish-talk']],
  ['language=fr-FR', []],
  ['access=step-free', ['danish-talk', 'cafe-leeds']],
  ['access=step-free&access=quiet-space', ['cafe-leeds']],
  ['welcome=families&welcome=staff', ['danish-talk', 'cafe-leeds']],
  ['group=leeds', ['cafe-leeds']],
  ['group=hidden', []],
  ['group=nobody', []],
  ['near=53.8,-1.55&within=5&kind=cafe', ['called-off', 'cafe-leeds']],
  ['near=54.5,-1.55&within=70&kind=cafe', []],
  ['near=54.5,-1.55&within=90&kind=cafe', ['called-off', 'cafe-leeds']],
  ['near=-17,180&within=120', ['display-for-days', 'taveuni']],
  ['near=-17,-179.9&within=120', ['display-for-days', 'taveuni']],
  ['near=90,0&within=4000', ['danish-talk']],
  ['near=0,0&within=20000&kind=display', ['display-for-days']],
  ['q=cafe', ['cafe-leeds']],
  ['q=CRÊPES', ['cafe-leeds']],
  ['q=arhus', ['danish-talk']],
  ['q=foredrag+bib', ['danish-talk']],
  ['q=bib+foredrag', []],
  ["q=it's+%26+!(:*", []],
  ['q=%5C', []],
  ['q=🙂', []],
  ['q=fernhollow', []],
  ['q=secret', []],
])('%s finds %j', async (query, expected) => {
  const found = await slugs(query)
  expect(found.toSorted()).toEqual(expected.toSorted())
})

describe('days', () => {
  test.each<[string, string[]]>([
    ['day=2027-10-18', ['danish-talk']],
    ['day=2027-10-19', ['danish-talk', 'cafe-leeds', 'called-off', 'weekly']],
    ['day=2027-10-20', ['display-for-days']],
    ['day=2027-10-23', ['display-for-days']],
    ['day=2027-10-24', ['night-shift']],
    ['from=2027-10-22', ['display-for-days', 'taveuni', 'night-shift', 'weekly']],
    ['from=2027-10-20&day=2027-10-19', []],
  ])('%s answers what touches it', async (query, expected) => {
    expect((await slugs(query)).filter((slug) => slug !== 'letter-anytime')).toEqual(expected)
  })

  test('of the week each hold what is done some time in it, and no other day does', async () => {
    const days = ['17', '18', '21', '24', '25'].map((day) => slugs(`kind=letter&day=2027-10-${day}`))
    expect(await Promise.all(days)).toEqual([
      [],
      ['letter-anytime'],
      ['letter-anytime'],
      ['letter-anytime'],
      [],
    ])
  })
})

describe('a series', () => {
  const shown = async (query: string, now: string) =>
    (await find(query, new Date(now))).activities.find(({ slug }) => slug === 'weekly')?.start

  test('is one entry that starts at its next date', async () => {
    expect(await shown('', '2027-10-01T12:00:00Z')).toEqual({
      local: '2027-10-19T10:00',
      zone: 'Europe/London',
      utc: '2027-10-19T09:00:00Z',
    })
  })

  test('passes over the date that is off and takes the one that was moved', async () => {
    expect(await shown('', '2027-10-20T12:00:00Z')).toMatchObject({
      local: '2027-11-03T10:00',
      utc: '2027-11-03T10:00:00Z',
    })
  })

  test('shows its last date when all are over', async () => {
    expect(await shown('', '2028-01-01T12:00:00Z')).toMatchObject({ local: '2027-11-09T10:00' })
  })

  test('starts inside the days that are asked about', async () => {
    expect(await shown('from=2027-11-04', '2027-10-01T12:00:00Z')).toMatchObject({
      local: '2027-11-09T10:00',
    })
    expect(await slugs('day=2027-10-26')).toEqual([])
    expect(await slugs('day=2027-11-02')).toEqual([])
    expect(await slugs('day=2027-11-03')).toEqual(['weekly'])
  })
})

test('an activity goes out in the shape that was promised', async () => {
  const { activities } = await find('group=leeds')
  expect(activities.map((activity) => asJson(activity, 'https://week.example'))).toEqual([
    {
      slug: 'cafe-leeds',
      title: 'Café and crêpes',
      summary: '',
      kind: 'cafe',
      mode: 'in-person',
      start: { local: '2027-10-19T10:00', zone: 'Europe/London', utc: '2027-10-19T09:00:00Z' },
      end: { local: '2027-10-19T12:00', zone: 'Europe/London', utc: '2027-10-19T11:00:00Z' },
      occurrences: [
        {
          start: { local: '2027-10-19T10:00', zone: 'Europe/London', utc: '2027-10-19T09:00:00Z' },
          end: { local: '2027-10-19T12:00', zone: 'Europe/London', utc: '2027-10-19T11:00:00Z' },
          status: 'published',
        },
      ],
      place: { name: 'Community Centre', town: 'Leeds', country: 'GB', lat: 53.79, lon: -1.55, exact: true },
      online: false,
      languages: ['en'],
      access: ['step-free', 'quiet-space'],
      welcome: ['families'],
      group: 'leeds',
      week: 2027,
      status: 'published',
      url: 'https://week.example/activities/cafe-leeds',
      ics: 'https://week.example/activities/cafe-leeds.ics',
    },
  ])
})

test('a private place gives its town away and nothing more', async () => {
  const { activities } = await find('kind=taster')
  expect(activities[0]?.place).toEqual({
    name: null,
    town: 'Leeds',
    country: 'GB',
    lat: 53.8,
    lon: -1.55,
    exact: false,
  })
  expect(JSON.stringify(activities)).not.toMatch(/Fernhollow|Secret|53\.79518|1\.55435/)
})

test('days without hours and untimed acts have no clock', async () => {
  const { activities } = await find('country=FJ&kind=display')
  expect(activities[0]).toMatchObject({ start: { day: '2027-10-20' }, end: { day: '2027-10-23' } })
  expect((await find('kind=letter')).activities[0]).toMatchObject({ start: null, end: null, occurrences: [] })
})

test('whom somebody hopes to reach is never in a list', async () => {
  await makeActivity(db, { slug: 'hoping', kind: 'conversation', audiences: ['trustee'] })
  expect(JSON.stringify((await find('kind=conversation')).activities)).not.toContain('trustee')
})

test('a list goes by the day that each place shows, a whole day first on its own day, then by the time', async () => {
  const dated = (slug: string, startLocal: string, zone: string) =>
    makeActivity(db, { slug, kind: 'showing', startLocal, zone })
  const whole = (slug: string, startDay: string) =>
    makeActivity(db, { slug, kind: 'showing', timing: 'day', startDay, startLocal: null })
  await whole('brisbane-wednesday', '2027-10-20')
  await whole('porto-tuesday', '2027-10-19')
  await dated('bristol-monday', '2027-10-18T15:45', 'Europe/London')
  await dated('seattle-tuesday', '2027-10-19T19:00', 'America/Los_Angeles')
  await dated('suva-tuesday', '2027-10-19T20:00', 'Pacific/Fiji')
  await dated('suva-wednesday', '2027-10-20T09:00', 'Pacific/Fiji')
  await makeActivity(db, {
    slug: 'weekly-tuesday',
    kind: 'showing',
    series: JSON.stringify({ every: 'week', until: '2027-10-26' }),
    startLocal: '2027-10-19T19:30',
    zone: 'America/New_York',
    occurrences: [{ day: '2027-10-19' }, { day: '2027-10-26' }],
  })
  const order = [
    'bristol-monday',
    'porto-tuesday',
    'seattle-tuesday',
    'weekly-tuesday',
    'suva-tuesday',
    'brisbane-wednesday',
    'suva-wednesday',
  ]
  expect(await slugs('kind=showing')).toEqual(order)
  expect(await slugs('kind=showing&from=2027-10-18&to=2027-10-24')).toEqual(order)
})
