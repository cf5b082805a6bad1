import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'
import { askFor, noFilter, readFilter } from '#stories/filter.ts'
import { asAtom, asJson, asJsonLd, type Feed } from '#stories/formats.ts'
import {
  newestStories,
  nextAppearance,
  storiesOf,
  storyBySlug,
  storyFacets,
} from '#stories/server/reads/wall.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-22T14:00:00Z')
const text = textIn('en')
const filter = { ...noFilter, week: 2027 }
const slugs = async (over: Partial<typeof filter> = {}) =>
  (await storiesOf(db, { ...filter, ...over }, now)).stories.map((story) => story.slug)

beforeAll(async () => {
  await makeWeek(db)
  await makeWeek(db, { year: 2026, monday: '2026-10-19', name: 'Last year' })
})
beforeEach(async () => {
  await db.deleteFrom('stories').execute()
})

describe('the wall', () => {
  test('shows the stories of the week, newest first, in pages that end', async () => {
    for (const day of [19, 21, 20]) {
      await makeStory(db, { slug: `day-${day}`, published: `2027-10-${day}T10:00:00Z` })
    }
    await makeStory(db, { week: 2026, slug: 'last-year' })
    expect(await slugs()).toEqual(['day-21', 'day-20', 'day-19'])
    expect(await storiesOf(db, { ...filter, limit: 2 }, now)).toMatchObject({ total: 3, pages: 2 })
    expect(await slugs({ limit: 2, page: 2 })).toEqual(['day-19'])
    expect(await slugs({ limit: 2, page: 3 })).toEqual([])
    expect(await slugs({ week: 2026 })).toEqual(['last-year'])
  })

  test('shows nothing but what is published, and nothing before its time', async () => {
    for (const state of [
      'unverified',
      'draft',
      'waiting',
      'asked-for-more',
      'declined',
      'hidden',
      'withdrawn',
    ] as const) {
      const { slug } = await makeStory(db, { state })
      expect(await storyBySlug(db, slug, now)).toBeNull()
    }
    await makeStory(db, { published: '2027-10-22T14:00:01Z' })
    expect(await slugs()).toEqual([])
    expect(await newestStories(db, 2027, 3, now)).toEqual([])
    expect(await storyFacets(db, 2027, now)).toEqual({ kinds: [], countries: [], groups: [] })
  })

  test('a filter of words, kinds, countries and groups narrows it', async () => {
    const group = await db
      .insertInto('groups')
      .values({ slug: 'leeds', name: 'Leeds', country: 'GB' })
      .returning('id')
      .executeTakeFirstOrThrow()
    await makeStory(db, { slug: 'a', title: 'Café au lait', kind: 'cafe', country: 'FR' })
    await makeStory(db, { slug: 'b', kind: 'letter', country: 'DK', group: group.id })
    expect(await slugs({ q: 'cafe' })).toEqual(['a'])
    expect(await slugs({ q: "'; drop table stories; --" })).toEqual([])
    expect((await slugs({ kind: ['cafe', 'letter'] })).toSorted()).toEqual(['a', 'b'])
    expect(await slugs({ country: ['DK'] })).toEqual(['b'])
    expect(await slugs({ group: 'leeds' })).toEqual(['b'])
    expect(await slugs({ kind: ['cafe'], country: ['DK'] })).toEqual([])
    await db.updateTable('groups').set({ hidden: true }).execute()
    expect(await slugs({ group: 'leeds' })).toEqual([])
    expect((await storyBySlug(db, 'b', now))?.group).toBeNull()
  })

  test('leads to its activity only while everybody may read that', async () => {
    const activity = await makeActivity(db, { title: 'Coffee' })
    const { slug } = await makeStory(db, { activity: activity.id })
    expect((await storyBySlug(db, slug, now))?.activity).toEqual({ slug: activity.slug, title: 'Coffee' })
    for (const state of ['withdrawn', 'declined', 'by-link', 'waiting'] as const) {
      await db.updateTable('activities').set({ state }).where('id', '=', activity.id).execute()
      expect((await storyBySlug(db, slug, now))?.activity).toBeNull()
    }
  })

  test('an example is shown ahead of its time', async () => {
    const { slug } = await makeStory(db, { example: true, published: '2030-01-01T00:00:00Z' })
    expect(await storyBySlug(db, slug, now)).not.toBeNull()
  })

  test('what somebody tells stands before the example, which is dated ahead; both newest first', async () => {
    await makeStory(db, { slug: 'said-late', example: true, published: '2030-01-02T00:00:00Z' })
    await makeStory(db, { slug: 'said-early', example: true, published: '2030-01-01T00:00:00Z' })
    await makeStory(db, { slug: 'told-first', published: '2027-10-20T10:00:00Z' })
    await makeStory(db, { slug: 'told-last', published: '2027-10-21T10:00:00Z' })
    const order = ['told-last', 'told-first', 'said-late', 'said-early']
    expect(await slugs()).toEqual(order)
    expect((await newestStories(db, 2027, 3, now)).map(({ slug }) => slug)).toEqual(order.slice(0, 3))
    expect(await slugs({ limit: 2, page: 2 })).toEqual(order.slice(2))
  })

  test('the newest are those of the week and moment that is asked about, however often', async () => {
    await makeStory(db, { slug: 'told-first', published: '2027-10-20T10:00:00Z' })
    await makeStory(db, { slug: 'told-last', published: '2027-10-21T10:00:00Z' })
    const asked = async (week: number, count: number, at: string) =>
      (await newestStories(db, week, count, new Date(at))).map(({ slug }) => slug)
    expect(await asked(2027, 3, '2027-10-22T00:00:00Z')).toEqual(['told-last', 'told-first'])
    expect(await asked(2027, 3, '2027-10-21T00:00:00Z')).toEqual(['told-first'])
    expect(await asked(2026, 3, '2027-10-22T00:00:00Z')).toEqual([])
    expect(await asked(2027, 1, '2027-10-22T00:00:00Z')).toEqual(['told-last'])
  })

  test('a page is kept no longer than until the next story appears', async () => {
    const activity = await makeActivity(db, { startLocal: '2027-10-22T13:00' })
    await makeStory(db, { activity: activity.id })
    const end = new Date('2027-10-22T14:00:00Z')
    expect(await nextAppearance(db, new Date(end.getTime() - 30_000))).toEqual(end)
    expect(await nextAppearance(db, new Date(end.getTime() - 90_000))).toBeNull()
    expect(await nextAppearance(db, end)).toBeNull()
  })

  test('an address that is no story is not there, whatever it holds', async () => {
    for (const slug of ['', 'x'.repeat(500), "a'b", 'ünï', '../x', 'a\u0000b']) {
      expect(await storyBySlug(db, slug, now)).toBeNull()
    }
  })
})

describe('the filter in the address', () => {
  const read = (ask: string) => readFilter(new URLSearchParams(ask))
  test('is read and written the same', () => {
    const ask = '?q=two+words&kind=cafe&kind=letter&country=DK&group=leeds&week=2027&page=3&limit=50'
    expect(read(ask).bad).toEqual([])
    expect(askFor(read(ask).filter)).toBe(ask)
    expect(askFor(noFilter)).toBe('')
  })

  test('what cannot be is named and left out; unknown names are ignored', () => {
    const { filter: found, bad } = read('?page=0&limit=101&week=x&country=UKR&kind=%3Cb%3E&utm=1&q=%00')
    expect(bad.map((one) => one.name).toSorted()).toEqual(['country', 'kind', 'limit', 'page', 'week'])
    expect(found).toEqual(noFilter)
  })
})

describe('other formats', () => {
  const site = 'https://week.example'
  const feed: Feed = {
    title: 'Stories',
    self: `${site}/stories.atom`,
    page: `${site}/stories`,
    site,
    empty: new Date('2027-10-17T10:00:00Z'),
    next: null,
  }
  const one = async () => {
    const { slug } = await makeStory(db, {
      slug: 'bell',
      title: 'She said "<hello>" & \'bye\'',
      body: '# A\n\n</script><script>alert(1)</script>',
      withName: 'Jo',
    })
    const story = await storyBySlug(db, slug, now)
    if (!story) throw new Error('not there')
    return story
  }

  test('JSON says what the story says, and that nothing was shown, liked or answered yet', async () => {
    expect(asJson(await one(), site)).toMatchObject({
      slug: 'bell',
      title: 'She said "<hello>" & \'bye\'',
      published: '2027-10-20T12:00:00.000Z',
      week: 2027,
      activity: null,
      media: [],
      likes: 0,
      replies: 0,
      kind: 'conversation',
      country: 'GB',
      group: null,
      author: 'Sam',
      url: 'https://week.example/stories/bell',
    })
  })

  test('Atom is well formed with anything in it, and when it is empty', async () => {
    const full = asAtom([await one()], feed, text)
    expect(full).toContain('<title>She said &quot;&lt;hello&gt;&quot; &amp; &#39;bye&#39;</title>')
    for (const xml of [full, asAtom([], feed, text)]) {
      const open = [...xml.matchAll(/<(\w+)(?=[\s>])[^>]*?(\/?)>/g)].filter((tag) => tag[2] !== '/')
      const closed = [...xml.matchAll(/<\/(\w+)>/g)]
      expect(open.map((tag) => String(tag[1])).toSorted()).toEqual(
        closed.map((tag) => String(tag[1])).toSorted(),
      )
      expect(xml).toMatch(/<feed xmlns="http:\/\/www.w3.org\/2005\/Atom">/)
    }
    expect(asAtom([], feed, text)).toContain('<updated>2027-10-17T10:00:00.000Z</updated>')
  })

  test('the data for search engines says who tells it and where', async () => {
    expect(asJsonLd(await one(), site, text)).toMatchObject({
      '@type': 'Article',
      headline: 'She said "<hello>" & \'bye\'',
      author: { '@type': 'Person', name: 'Sam' },
      contributor: { '@type': 'Person', name: 'Jo' },
    })
  })
})
