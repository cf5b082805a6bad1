import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { withdraw } from '#consent/server/writes/withdrawing.ts'
import { textIn } from '#kernel/messages.ts'
import { anybody } from '#kernel/viewer.ts'
import { articleOf } from '#stories/article.ts'
import { noFilter } from '#stories/filter.ts'
import { asAtom, asJson, asJsonLd } from '#stories/formats.ts'
import { ownStory } from '#stories/server/reads/own.ts'
import { storiesOf, storyBySlug, storyFacets } from '#stories/server/reads/wall.ts'
import { describePicture } from '#stories/server/writes/pictures.ts'
import { tellWhoIsIn } from '#stories/server/writes/who.ts'
import { editStory, putPicture } from '#stories/server/writes/edit.ts'
import { editedStory } from '#stories/story.ts'
import { cardOf } from '#stories/words.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
  tellAndAgree,
  tellAndCheck,
} from '../../../../test/consent/stage.ts'
import { placeVersion } from '#consent/server/writes/placing.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const text = textIn('en')
const stage = await stageFor(db)
const site = 'https://week.example'

/** A published story with one photograph that everybody agreed to. */
async function withPhotograph(over: Parameters<typeof makeStory>[1] = {}, people = [adult()]) {
  const story = await makeStory(db, { body: 'She.\n\n[picture 1]\n\nRang.', ...over })
  const told = await tellAndAgree(stage, now, { surface: story.id, people })
  await db
    .updateTable('versions')
    .set({ caption: 'Sentinel caption', words: 'Sentinel words', width: 1200, height: 900 })
    .where('id', '=', told.version)
    .execute()
  await db
    .insertInto('renditions')
    .values({ version: told.version, width: 640, height: 480, format: 'webp', bytes: 1, key: randomUUID() })
    .execute()
  return { ...told, ...story }
}
const linkTo = (story: string) => makeStoryLink(db, story)
/** Everything that anybody else is shown of a story, as one text. */
async function everythingOf(slug: string): Promise<string> {
  const asked = { ...noFilter, week: 2027, limit: 100 }
  const feed = { title: '', self: '', page: '', site, empty: now, next: null }
  const [one, cards, whole, beyond] = await Promise.all([
    storyBySlug(db, slug, now),
    storiesOf(db, asked, now),
    storiesOf(db, asked, now, { whole: true }),
    storiesOf(db, asked, now, { whole: true, beyond: true }),
  ])
  return JSON.stringify([
    one && [articleOf(one, text, 'en'), asJsonLd(one, site, text)],
    cards.stories.map((story) => cardOf(story, text, 'en')),
    whole.stories.map((story) => asJson(story, site)),
    asAtom(beyond.stories, feed, text),
  ])
}

describe('a photograph of a story', () => {
  test('stands where the words put it once everybody agreed: on the page, the card and for programs', async () => {
    const { slug, version } = await withPhotograph()
    const story = await storyBySlug(db, slug, now)
    if (!story) throw new Error('It is not shown')
    expect(articleOf(story, text, 'en').layout.parts).toMatchObject([
      { html: '<p>She.</p>' },
      { figures: [{ picture: { id: version, number: 1 } }] },
      { html: '<p>Rang.</p>' },
    ])
    expect(asJson(story, site)).toMatchObject({ media: [{ id: version, alt: 'Sentinel words' }] })
    expect(asJson(story, site).html).toBe(
      [
        '<p>She.</p>',
        `<figure><img src="${site}/media/${version}/640.jpg" width="640" height="480" alt="Sentinel words" loading="lazy"><figcaption>Sentinel caption</figcaption></figure>`,
        '<p>Rang.</p>',
      ].join('\n'),
    )
    expect(cardOf(story, text, 'en').picture?.id).toBe(version)
  })

  test('does not leave in a feed when it was allowed for our own pages only', async () => {
    const { version } = await withPhotograph()
    const wall = await storiesOf(db, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
    const feed = { title: '', self: '', page: '', site, empty: now, next: null }
    expect(wall.stories.length).toBeGreaterThan(0)
    expect(asAtom(wall.stories, feed, text)).not.toMatch(new RegExp(`${version}|Sentinel`))
  })

  test('that does not leave takes its words and its place along, and the feed is whole without it', async () => {
    const { slug } = await withPhotograph({ title: 'Only a picture', body: '[picture 1]' })
    const wall = await storiesOf(db, { ...noFilter, week: 2027 }, now, { whole: true, beyond: true })
    const feed = { title: 'Stories', self: site, page: site, site, empty: now, next: null }
    const atom = asAtom(wall.stories, feed, text)
    expect(XMLValidator.validate(atom)).toBe(true)
    const entries = new XMLParser({ isArray: (name) => name === 'entry' }).parse(atom).feed.entry
    const entry = entries.find(({ id }: { id: string }) => id === `${site}/stories/${slug}`)
    expect(entry).toMatchObject({ title: 'Only a picture', summary: '', content: '' })
    expect(atom).not.toMatch(/\[picture|Sentinel|media/)
  })

  test('that nobody agreed to leaves no trace, and the story stands without it', async () => {
    const story = await makeStory(db, { title: 'Alone', body: 'She.\n\n[picture 1]\n\nRang.' })
    const { version } = await makePicture(db, { surface: story.id, words: 'Unseen words' })
    await placeVersion(db, stage.teacher, placing(stage, { surface: story.id, version }), now)
    const all = await everythingOf(story.slug)
    expect(all).toContain('Alone')
    expect(all).not.toMatch(new RegExp(`${version}|Unseen|picture 1\\]`))
  })

  test('takes the whole story with it when somebody says no', async () => {
    const { slug, version, token } = await withPhotograph({ title: 'Withdrawn' })
    expect(await everythingOf(slug)).toContain(version)
    await withdraw(db, anybody, { token, everywhere: false, formKey: '' }, now)
    expect(await storyBySlug(db, slug, now)).toBeNull()
    expect(await everythingOf(slug)).not.toMatch(new RegExp(`${version}|Withdrawn`))
  })

  test('beside the face a name needs its own yes, also one that is written later', async () => {
    const who = { label: 'Z', ageBand: '16-17' as const, nextChange: '2028-06-01' }
    for (const field of ['linkTitle', 'withName']) {
      const story = await makeStory(db)
      const { id, slug } = story
      const told = await tellAndCheck(stage, now, {
        surface: id,
        people: [adult({ who, names: ['Zebedee'] })],
      })
      const ask = asking({ surface: id, person: told.person, by: stage.by, route: 'young-person' })
      await decide(db, anybody, deciding(await requestPermission(db, stage.teacher, ask, now)), now)
      expect((await storyBySlug(db, slug, now))?.pictures).toHaveLength(1)
      const token = await linkTo(id)
      const words = { title: 'A bell', body: 'It.', link: 'https://blog.example/1', linkTitle: 'Bell', token }
      const edit = v.parse(editedStory, { ...words, revision: '1', [field]: 'About ZEBEDEE' })
      await editStory(db, anybody, edit, now)
      await db.updateTable('stories').set({ state: 'published' }).where('id', '=', id).execute()
      expect([field, await storyBySlug(db, slug, now)]).toEqual([field, null])
      expect((await ownStory(db, anybody, token, now))?.pictures).toMatchObject([
        { number: 1, said: true, asked: true, shown: false },
      ])
    }
  })

  test('is away when a line under it, or words that were there before, name somebody young', async () => {
    const young = { label: 'Z', ageBand: '16-17' as const, nextChange: '2028-06-01' }
    const shownOf = async (title: string, names: string[]) => {
      const story = await makeStory(db, { title })
      const people = [adult({ who: young, names })]
      const told = await tellAndCheck(stage, now, { surface: story.id, people })
      const ask = asking({ surface: story.id, person: told.person, by: stage.by, route: 'young-person' })
      await decide(db, anybody, deciding(await requestPermission(db, stage.teacher, ask, now)), now)
      return { ...story, version: told.version, token: await linkTo(story.id) }
    }
    const { slug, version, token } = await shownOf('A bell', ['Zebedee'])
    expect(await storyBySlug(db, slug, now)).not.toBeNull()
    const words = { words: 'Two people.', decoration: false, pass: '', revision: 1 }
    await describePicture(db, anybody, { ...words, token, version, caption: 'Zebedee at the bell' }, now)
    expect(await storyBySlug(db, slug, now)).toBeNull()

    const named = await shownOf('Zebedee and the bell', [])
    expect(await storyBySlug(db, named.slug, now)).not.toBeNull()
    const people = [adult({ who: young, names: ['Zebedee'] })]
    const saying = {
      token: named.token,
      version: named.version,
      people,
      aged: [],
      strangers: 0,
      nobody: false,
      more: false,
      show: false,
      words: null,
    }
    await tellWhoIsIn(db, anybody, { ...saying, formKey: '' }, now)
    const byName = await db
      .selectFrom('appearances')
      .select('modes')
      .where('surface', '=', named.id)
      .where('version', 'is', null)
      .execute()
    expect(byName).toEqual([{ modes: ['name'] }])
  })

  test('is read again when the words under a picture that can be seen are other ones', async () => {
    const story = await makeStory(db)
    const { version } = await tellAndAgree(stage, now, { surface: story.id })
    const token = await linkTo(story.id)
    const words = { token, version, words: 'Two people at a drum.', decoration: false, pass: '', caption: '' }
    await describePicture(db, anybody, { ...words, revision: 1 }, now)
    expect(await storyBySlug(db, story.slug, now)).not.toBeNull()
    const other = { ...words, caption: 'Somebody of 12 High Street', revision: 1 }
    await describePicture(db, anybody, other, now)
    expect(await storyBySlug(db, story.slug, now)).toBeNull()
    const row = await db.selectFrom('stories').select('state').where('id', '=', story.id).executeTakeFirst()
    expect(row).toEqual({ state: 'waiting' })
  })

  test('keeps its number when it is covered, and a later one gets the next', async () => {
    const surface = randomUUID()
    const first = await makePicture(db, { surface })
    await makePicture(db, { surface })
    await db.updateTable('versions').set({ state: 'purged' }).where('id', '=', first.version).execute()
    await makePicture(db, { surface, source: first.version })
    await makePicture(db, { surface })
    const rows = await db
      .selectFrom('versions')
      .select('number')
      .where('surface', '=', surface)
      .orderBy('created')
      .execute()
    expect(rows.map(({ number }) => number ?? 0).toSorted((one, other) => one - other)).toEqual([1, 1, 2, 3])
  })

  test('is put into the text by its teller, and a text that somebody changed meanwhile is not', async () => {
    const story = await makeStory(db, { state: 'draft', body: 'One.\n\nTwo.' })
    const token = await linkTo(story.id)
    const put = (revision: number) => putPicture(db, anybody, { token, revision, number: 1, after: 1 }, now)
    expect(await put(1)).toEqual({ state: 'draft' })
    expect((await ownStory(db, anybody, token, now))?.body).toBe('One.\n\n[picture 1]\n\nTwo.')
    await expect(put(1)).rejects.toMatchObject({ key: 'refusal.stale' })
  })
})

describe('a story with somebody in it who must not be found', () => {
  test('says no place, group, link, author or day, and is not found by them', async () => {
    const { id: group } = await db
      .insertInto('groups')
      .values({ slug: 'whitby', name: 'Whitby', country: 'GB' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id, slug } = await withPhotograph({ town: 'Whitby', country: 'IS', group, title: 'Hidden place' })
    await db.updateTable('surfaces').set({ locatable: false }).where('id', '=', id).execute()
    const found = await storyBySlug(db, slug, now)
    expect(found).toMatchObject({ town: null, country: null, group: null, activity: null, author: null })
    const filter = { ...noFilter, week: 2027 }
    for (const over of [{ country: ['IS'] }, { group: 'whitby' }, { q: 'whitby' }])
      expect((await storiesOf(db, { ...filter, ...over }, now)).stories).toEqual([])
    expect((await storiesOf(db, { ...filter, q: 'hidden place' }, now)).stories).toHaveLength(1)
    const facets = await storyFacets(db, 2027, now)
    expect(facets.countries).not.toContain('IS')
    expect(facets.groups).toEqual([])
    expect(JSON.stringify(found && asJsonLd(found, site, text))).not.toMatch(
      /Whitby|datePublished|dateModified/,
    )
    const feed = { title: '', self: '', page: '', site, empty: new Date(0), next: null }
    const told = [found && asJson(found, site), found && asAtom([found], feed, text)]
    expect(JSON.stringify(told)).toContain('-01T00:00:00.000Z')
    expect(JSON.stringify(told)).not.toContain('2027-10-20')
  })
})
