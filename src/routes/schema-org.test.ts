import { expect, test } from 'vitest'
import { theSite } from '#kernel/viewer.ts'
import { saveSettings } from '#site/server/writes.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../test/make.ts'
import { pageOf, type Asked } from '../../test/pages.ts'
import { load as loadActivity } from './activities/[slug]/+page.server.ts'
import ActivityPage from './activities/[slug]/+page.svelte'
import { load as loadGroup } from './groups/[slug]/+page.server.ts'
import GroupPage from './groups/[slug]/+page.svelte'
import { load as loadStory } from './stories/[slug]/+page.server.ts'
import StoryPage from './stories/[slug]/+page.svelte'
import { load as loadWeek } from './weeks/[year]/+page.server.ts'
import WeekPage from './weeks/[year]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
const name = 'Tea </script><script>alert(1)</script>'
await makeWeek(db, { name, theme: 'Hello again', hashtag: 'IIWeek' })
await makeWeek(db, { year: 2028, monday: '2028-10-16', state: 'draft', announced: null })
await saveSettings(db, theSite, { organiser: 'The Institute' }, now)
const groups = { name, country: 'GB', town: 'Leeds', region: 'Yorkshire', rhythm: 'every first Monday' }
await db
  .insertInto('groups')
  .values([
    { ...groups, slug: 'leeds' },
    { ...groups, slug: 'hidden', hidden: true },
  ])
  .execute()
await makeActivity(db, { slug: 'tea', title: name })
await makeActivity(db, { slug: 'unread', title: name, state: 'waiting' })
await makeStory(db, { slug: 'bell', title: name })

const slug = (words: string) => ({ slug: words })
const pages = {
  activity: (which: string) => asked(ActivityPage, loadActivity, '/activities/', slug(which)),
  story: (which: string) => asked(StoryPage, loadStory, '/stories/', slug(which)),
  group: (which: string) => asked(GroupPage, loadGroup, '/groups/', slug(which)),
  week: (which: string) => asked(WeekPage, loadWeek, '/weeks/', { year: which }),
}

async function asked(
  page: unknown,
  load: (event: never) => unknown,
  path: string,
  params: NonNullable<Asked['params']>,
): Promise<string> {
  const [last = ''] = Object.values(params)
  return (await pageOf(page, load, { path: path + last, params, db, now, viewer: theSite })).head
}

test.each([
  ['activity', 'tea', { '@type': 'Event', name, startDate: '2027-10-19T09:00:00Z' }],
  ['story', 'bell', { '@type': 'Article', headline: name }],
  [
    'group',
    'leeds',
    {
      '@type': 'Organization',
      '@id': 'https://week.example/groups/leeds',
      name,
      location: {
        name: 'Leeds, Yorkshire, United Kingdom',
        address: { addressLocality: 'Leeds', addressRegion: 'Yorkshire', addressCountry: 'GB' },
      },
    },
  ],
  [
    'week',
    '2027',
    {
      '@type': 'EventSeries',
      url: 'https://week.example/weeks/2027',
      name,
      description: 'Hello again',
      startDate: '2027-10-18',
      endDate: '2027-10-24',
      keywords: '#IIWeek',
      organizer: { name: 'The Institute' },
    },
  ],
] as const)(
  'the page of a %s says it in the words of schema.org, and nothing ends its element',
  async (what, which, said) => {
    const head = await pages[what](which)
    const scripts = [...head.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
    expect(scripts.map(([, tag]) => tag?.trim())).toEqual(['type="application/ld+json"'])
    const data = JSON.parse(scripts[0]?.[2] ?? '') as object
    expect(data).toMatchObject({ '@context': 'https://schema.org', ...said })
  },
)

test.each([
  ['activity', 'unread'],
  ['group', 'hidden'],
  ['week', '2028'],
] as const)('the page of a %s that is not public says nothing to machines', async (what, which) => {
  expect(await pages[what](which)).not.toContain('ld+json')
})
