import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../test/make.ts'
import { ask, pageOf } from '../../test/pages.ts'
import { GET as activitiesAtom } from './activities.atom/+server.ts'
import { GET as activitiesCsv } from './activities.csv/+server.ts'
import { GET as activitiesGeojson } from './activities.geojson/+server.ts'
import { GET as activitiesIcs } from './activities.ics/+server.ts'
import { GET as activitiesJson } from './activities.json/+server.ts'
import { load as loadActivities } from './activities/+page.server.ts'
import ActivitiesPage from './activities/+page.svelte'
import { GET as storiesAtom } from './stories.atom/+server.ts'
import { GET as storiesJson } from './stories.json/+server.ts'
import { load as loadStories } from './stories/+page.server.ts'
import StoriesPage from './stories/+page.svelte'
import { load as loadScreen } from './stories/screen/+page.server.ts'
import ScreenPage from './stories/screen/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
await makeWeek(db)
const group = await db
  .insertInto('groups')
  .values({ slug: 'leeds', name: 'Leeds', country: 'GB' })
  .returning('id')
  .executeTakeFirstOrThrow()
await db.insertInto('groups').values({ slug: 'gone', name: 'Gone', country: 'GB', hidden: true }).execute()
await makeActivity(db, { slug: 'coffee', group: group.id })
await makeStory(db, { slug: 'bell', group: group.id, kind: 'cafe', country: 'GB' })

type Thing = Record<string, unknown>
async function firstOf(name: 'activities' | 'stories'): Promise<Thing> {
  const answer =
    name === 'activities'
      ? await ask(activitiesJson, { path: '/activities.json', db, now })
      : await ask(storiesJson, { path: '/stories.json', db, now })
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  const { next, total, ...rest } = (await answer.json()) as Record<string, unknown>
  expect([next, total, Object.keys(rest)]).toEqual([null, 1, [name]])
  return (rest[name] as Thing[])[0] ?? {}
}

test('an activity has every name of the contract', async () => {
  const names =
    'slug title summary kind mode start end occurrences place online languages access welcome group week status url ics'
  const activity = await firstOf('activities')
  expect(Object.keys(activity)).toEqual(expect.arrayContaining(names.split(' ')))
  expect(activity).toMatchObject({
    start: { local: '2027-10-19T10:00', zone: 'Europe/London', utc: '2027-10-19T09:00:00Z' },
    occurrences: [{ start: {}, end: {}, status: expect.any(String) }],
    place: { name: 'Community Centre', town: 'Leeds', country: 'GB', lat: 53.79, lon: -1.55, exact: true },
    group: 'leeds',
    status: 'published',
    url: 'https://week.example/activities/coffee',
    ics: 'https://week.example/activities/coffee.ics',
  })
})

test('a story has every name of the contract', async () => {
  const names = 'slug title html published week activity media likes replies url'
  const story = await firstOf('stories')
  expect(Object.keys(story)).toEqual(expect.arrayContaining(names.split(' ')))
  expect(story).toMatchObject({ slug: 'bell', group: 'leeds', media: [], likes: 0, replies: 0 })
})

const wrong: [query: string, said: string][] = [
  ['kind=nope', 'there is no “nope” here'],
  ['kind=cafe&kind=nope', 'there is no “nope” here'],
  ['kind=%3Cb%3E', 'we do not know'],
  ['group=nope', 'there is no “nope” here'],
  ['group=gone', 'there is no “gone” here'],
  ['country=ZZ', 'we do not know “ZZ”'],
  ['country=Denmark', 'we do not know “Denmark”'],
  ['week=1999', 'there is no “1999” here'],
  ['week=27', '“27” is not a number we can use'],
  ['week=2027&week=2026', 'we use the first one you gave'],
  ['page=0', '“0” is not a number we can use'],
  ['limit=101', '“101” is not a number we can use'],
  [`q=${'x'.repeat(201)}`, 'more than we can look for'],
]
const formats = [
  ['activities.json', activitiesJson],
  ['activities.geojson', activitiesGeojson],
  ['activities.ics', activitiesIcs],
  ['activities.csv', activitiesCsv],
  ['activities.atom', activitiesAtom],
  ['stories.json', storiesJson],
  ['stories.atom', storiesAtom],
] as const
const pages = [
  ['activities', ActivitiesPage, loadActivities],
  ['stories', StoriesPage, loadStories],
  ['stories/screen', ScreenPage, loadScreen],
] as const

describe.each(wrong)('a question that cannot be meant, %s,', (query, said) => {
  test.each(formats)('is refused by /%s with what is wrong', async (path, get) => {
    const answer = await ask(get as (event: never) => Promise<Response>, {
      path: `/${path}?${query}`,
      db,
      now,
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const { detail, status } = (await answer.json()) as Thing
    expect(status).toBe(400)
    expect(detail).toContain(said)
  })

  test.each(pages)('is answered by /%s with a note and the rest', async (path, page, load) => {
    const asked = { path: `/${path}?${query}`, db, now }
    const { body } = await pageOf(page, load as (event: never) => unknown, asked)
    expect(body).toContain(said)
    expect(body).toContain(path === 'activities' ? '/activities/coffee' : 'stories/bell')
  })
})

test('names that nobody knows, and empty ones, are not wrong', async () => {
  for (const [path, get] of formats) {
    const asked = { path: `/${path}?utm=1&q=&kind=cafe&group=leeds&country=gb&week=2027`, db, now }
    const answer = await ask(get as (event: never) => Promise<Response>, asked)
    expect([path, answer.status]).toEqual([path, 200])
    await answer.body?.cancel()
  }
})
