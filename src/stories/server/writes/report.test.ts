import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { ownStory, reportPage } from '#stories/server/reads/own.ts'
import { storiesOfActivity } from '#stories/server/reads/wall.ts'
import { reportAndOpen } from '#stories/server/writes/report.ts'
import { hostReport } from '#stories/story.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAudiences, makeWeek } from '../../../../test/make.ts'
import { refused } from '../../../../test/refused.ts'
import { after, reportsIn } from '../../../../test/reports.ts'

const db = await testDatabase()
const { held, press, reportOf } = reportsIn(db)

beforeAll(async () => {
  await makeWeek(db)
  await makeAudiences(db)
})

const storyOf = (activity: string) =>
  db.selectFrom('stories').selectAll().where('activity', '=', activity).executeTakeFirst()

describe('the host says how it was, in one press', () => {
  test('numbers and words make the report and a story that waits to be read', async () => {
    const { id, token } = await held({ title: 'Coffee at Bramble Road', town: 'Leeds' })
    const result = await press(token, {
      words: 'Four people stayed after the film.',
      'who.colleagues': '3',
      'who.colleague-new': '1',
      authorName: 'Ana',
    })
    expect(result).toMatchObject({ activity: id, story: 'waiting' })
    expect(await reportOf(id)).toMatchObject({
      came: 8,
      newPeople: 5,
      audiences: { colleagues: 2, 'colleague-new': 1 },
      sentence: 'Four people stayed after the film.',
    })
    expect(await storyOf(id)).toMatchObject({
      title: 'Coffee at Bramble Road',
      body: 'Four people stayed after the film.',
      state: 'waiting',
      fromReport: true,
      kind: 'cafe',
      country: 'GB',
      town: 'Leeds',
      authorName: 'Ana',
      email: 'host@example.org',
      published: null,
    })
    const mails = await db
      .selectFrom('mails')
      .select('name')
      .where('address', '=', 'host@example.org')
      .execute()
    expect(mails.map((mail) => mail.name)).toContain('story-received')
    expect(await storiesOfActivity(db, id, after)).toEqual([])
  })

  test('without words only the numbers are kept', async () => {
    const { id, token } = await held()
    expect(await press(token, { words: '  ' })).toMatchObject({ story: null })
    expect(await reportOf(id)).toMatchObject({ came: 8, sentence: '' })
    expect(await storyOf(id)).toBeUndefined()
  })

  test('a tapped number counts when none is typed, and digits of other scripts are numbers', async () => {
    const { id, token } = await held()
    await press(token, { came: '', cameTap: '20', newPeople: '٧', newTap: '2' })
    expect(await reportOf(id)).toMatchObject({ came: 20, newPeople: 7 })
  })

  test('pressed twice with one form it is kept once', async () => {
    const { id, token } = await held()
    const form = { words: 'Once.', formKey: 'the-same-form' }
    const [first, second] = await Promise.all([press(token, form), press(token, form)])
    expect(second).toEqual(first)
    expect((await reportOf(id))?.revision).toBe(1)
    const changes = await db
      .selectFrom('storyChanges as c')
      .innerJoin('stories as s', 's.id', 'c.story')
      .select('c.id')
      .where('s.activity', '=', id)
      .execute()
    expect(changes).toHaveLength(1)
  })

  test('two hosts at once: the second sees what the first wrote instead of wiping it out', async () => {
    const { token, id } = await held()
    await press(token, { came: '8' })
    expect((await refused(press(token, { came: '9' }))).kind).toBe('conflict')
    expect(await reportOf(id)).toMatchObject({ came: 8 })
    await press(token, { came: '9', revision: '1' })
    expect(await reportOf(id)).toMatchObject({ came: 9, revision: 2 })
  })

  test('it opens the story to its host, so that photographs can follow at once', async () => {
    const { id, token } = await held()
    const report = (over: Record<string, string>) =>
      reportAndOpen(db, anybody, v.parse(hostReport, { token, came: '8', newPeople: '5', ...over }), after)
    expect(await report({})).toMatchObject({ story: null, own: null, pictures: false })
    const told = await report({ words: 'We met.', revision: '1', then: 'pictures' })
    expect(told).toMatchObject({ story: 'waiting', pictures: true })
    const own = await ownStory(db, anybody, told.own ?? '', after)
    expect(own?.slug).toBe((await storyOf(id))?.slug)
    const links = await db.selectFrom('storyLinks').select('token').execute()
    expect(links.map((link) => link.token.toString())).not.toContain(told.own)
    await db.updateTable('stories').set({ state: 'hidden' }).where('activity', '=', id).execute()
    const again = await report({ words: 'We met.', revision: '2', storyRevision: '2' })
    expect(again).toMatchObject({ own: null })
  })

  test("a trusted host's story goes straight on", async () => {
    const { id, token } = await held()
    await db
      .insertInto('accounts')
      .values({ name: 'Ana', email: 'host@example.org', emailVerified: true, trusted: true })
      .execute()
    try {
      expect(await press(token, { words: 'It was good.' })).toMatchObject({ story: 'published' })
      expect(await storiesOfActivity(db, id, after)).toHaveLength(1)
    } finally {
      await db.deleteFrom('accounts').where('email', '=', 'host@example.org').execute()
    }
  })

  test('it stays editable: a published story that is changed goes back to be read, and shows the difference', async () => {
    const { id, token } = await held()
    await press(token, { words: 'It was good.' })
    await db
      .updateTable('stories')
      .set({ state: 'published', published: after, revision: 7 })
      .where('activity', '=', id)
      .execute()
    const page = await reportPage(db, anybody, token, after)
    expect(page).toMatchObject({ open: 'yes', report: { came: 8 }, story: { body: 'It was good.' } })
    await press(token, {
      revision: '1',
      storyRevision: '7',
      words: 'It was good.',
      came: '9',
      title: 'Coffee morning',
    })
    expect((await storyOf(id))?.state).toBe('published')
    await press(token, {
      revision: '2',
      storyRevision: '7',
      words: 'It was very good.',
      title: 'Coffee morning',
    })
    expect((await storyOf(id))?.state).toBe('waiting')
    const change = await db
      .selectFrom('storyChanges')
      .innerJoin('stories', 'stories.id', 'storyChanges.story')
      .select(['diff', 'read'])
      .where('stories.activity', '=', id)
      .orderBy('storyChanges.id', 'desc')
      .executeTakeFirst()
    expect(change).toMatchObject({ read: false, diff: { body: ['It was good.', 'It was very good.'] } })
  })

  test('words taken away take the story back, the numbers stay', async () => {
    const { id, token } = await held()
    await press(token, { words: 'It was good.' })
    const revision = String((await storyOf(id))?.revision)
    await press(token, { revision: '1', storyRevision: revision, words: '' })
    expect((await storyOf(id))?.state).toBe('withdrawn')
    expect(await reportOf(id)).toMatchObject({ came: 8 })
  })

  test('a hidden story stays hidden however often its host tells it', async () => {
    const { id, token } = await held()
    await press(token, { words: 'It was good.' })
    await db.updateTable('stories').set({ state: 'hidden', revision: 5 }).where('activity', '=', id).execute()
    await press(token, { revision: '1', storyRevision: '5', words: 'Again.' })
    expect((await storyOf(id))?.state).toBe('hidden')
    await press(token, { revision: '2', storyRevision: '6', words: '' })
    expect((await storyOf(id))?.state).toBe('hidden')
  })
})

describe('bad input', () => {
  const wrong = (over: Record<string, unknown>): Record<string, string> => {
    const read = v.safeParse(hostReport, { token: 't', came: '8', newPeople: '5', ...over })
    if (read.success) return {}
    return Object.fromEntries(read.issues.map((issue) => [String(issue.path?.[0]?.key), issue.message]))
  }

  test('each mistake is said at its own field', () => {
    expect(wrong({})).toEqual({})
    expect(wrong({ came: '' })).toEqual({ came: 'input.needed' })
    expect(wrong({ came: 'many' })).toEqual({ came: 'input.number' })
    expect(wrong({ came: '-3' })).toEqual({ came: 'input.number' })
    expect(wrong({ came: '1e9' })).toEqual({ came: 'input.number' })
    expect(wrong({ came: '999999999' })).toEqual({ came: 'input.range' })
    expect(wrong({ newPeople: '9' })).toEqual({ newPeople: 'stories.report.more-new' })
    expect(wrong({ 'who.friend': '1.5' })).toEqual({ 'who.friend': 'input.number' })
    expect(wrong({ words: 'x'.repeat(20_001) })).toEqual({ words: 'input.too-long' })
    expect(wrong({ came: ['1', '2'] })).toEqual({ came: 'input.one-answer' })
    expect(wrong({ drawing: '40' })).toEqual({ drawing: 'input.range' })
  })

  test('null bytes and marks that turn words round do not reach the wall', () => {
    const read = v.parse(hostReport, { token: 't', came: '1', words: 'a\u0000b\u202Ec 😀 مرحبا' })
    expect(read.words).toBe('abc 😀 مرحبا')
  })

  test('people of a group that does not exist, or more than were new, are refused with nothing kept', async () => {
    const { id, token } = await held()
    expect((await refused(press(token, { 'who.martians': '1' }))).field).toBe('newPeople')
    expect((await refused(press(token, { 'who.friends-family': '6' }))).key).toBe('stories.report.who-more')
    expect(await reportOf(id)).toBeUndefined()
  })
})
