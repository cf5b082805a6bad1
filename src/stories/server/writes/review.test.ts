import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { countWaitingStories, storyForReview, waitingStories } from '#stories/server/reads/review.ts'
import { storyBySlug } from '#stories/server/reads/wall.ts'
import {
  askForMore,
  bulkInput,
  decideStories,
  declineStory,
  hideStory,
  publishStory,
  restoreStory,
} from '#stories/server/writes/review.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeActivity, makeStory, makeWeek } from '../../../../test/make.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { refused } from '../../../../test/refused.ts'

const db = await testDatabase()
const now = new Date('2027-10-20T14:00:00Z')
let one: Viewer
let two: Viewer

const mailsTo = (email: string) =>
  db.selectFrom('mails').select(['name', 'params']).where('address', '=', email).orderBy('created').execute()
const waiting = (email: string) => makeStory(db, { state: 'waiting', email })
const stateOf = async (id: string) =>
  (await db.selectFrom('stories').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state

beforeAll(async () => {
  await makeWeek(db)
  one = await makeAccount(db, 'one', { role: 'reviewer' })
  two = await makeAccount(db, 'two', { role: 'reviewer' })
})
beforeEach(async () => {
  await db.deleteFrom('stories').execute()
})

describe('reading and deciding', () => {
  test('publishing puts it on the wall, writes it down and mails whoever tells it', async () => {
    const { id, slug } = await waiting('a@example.org')
    expect(await storyBySlug(db, slug, now)).toBeNull()
    await publishStory(db, one, { id, revision: 1, reason: 'Lovely.' }, now)
    expect(await storyBySlug(db, slug, now)).toMatchObject({ slug, published: now })
    const [mail] = await mailsTo('a@example.org')
    expect(mail?.name).toBe('story-published')
    expect(mail?.params).toMatchObject({ reason: 'Lovely.' })
    const log = await db.selectFrom('auditLog').selectAll().where('subject', '=', `stories:${id}`).execute()
    expect(log).toMatchObject([{ action: 'story.published', account: one.account }])
  })

  test('asking for more and declining give their reason', async () => {
    const asked = await waiting('b@example.org')
    const declined = await waiting('c@example.org')
    await askForMore(db, one, { id: asked.id, revision: 1, reason: 'Is everybody named fine with it?' }, now)
    await declineStory(db, one, { id: declined.id, revision: 1, reason: 'It is an advert.' }, now)
    expect(await mailsTo('b@example.org')).toMatchObject([
      { name: 'story-asked', params: { reason: 'Is everybody named fine with it?' } },
    ])
    expect(await mailsTo('c@example.org')).toMatchObject([{ name: 'story-declined' }])
    expect(await stateOf(asked.id)).toBe('asked-for-more')
    expect(await stateOf(declined.id)).toBe('declined')
  })

  test('words that were changed after they were read are not published', async () => {
    const { id } = await waiting('d@example.org')
    await db
      .updateTable('stories')
      .set({ revision: 2, body: 'Something else.' })
      .where('id', '=', id)
      .execute()
    expect((await refused(publishStory(db, one, { id, revision: 1, reason: null }, now))).key).toBe(
      'stories.review.changed',
    )
    expect(await stateOf(id)).toBe('waiting')
  })

  test('a second press on the same decision does nothing more', async () => {
    const { id } = await waiting('e@example.org')
    const press = () => publishStory(db, one, { id, revision: 1, reason: null }, now)
    await Promise.all([press(), press()])
    expect(await mailsTo('e@example.org')).toHaveLength(1)
  })

  test('nobody without the role decides or reads what waits, and nothing changes', async () => {
    const { id } = await waiting('f@example.org')
    for (const viewer of [anybody, { ...one, roles: [] }]) {
      expect((await refused(publishStory(db, viewer, { id, revision: 1, reason: null }, now))).kind).toBe(
        'forbidden',
      )
      expect((await refused(hideStory(db, viewer, { id, reason: null }, now))).kind).toBe('forbidden')
      expect((await refused(waitingStories(db, viewer, { page: 1 }))).kind).toBe('forbidden')
      expect((await refused(storyForReview(db, viewer, id))).kind).toBe('forbidden')
      expect((await refused(countWaitingStories(db, viewer, now))).kind).toBe('forbidden')
    }
    expect(await stateOf(id)).toBe('waiting')
  })

  test('a story published before its activity is over appears when it is', async () => {
    const activity = await makeActivity(db, { startLocal: '2027-10-22T10:00' })
    const { id, slug } = await makeStory(db, { state: 'waiting', activity: activity.id })
    await publishStory(db, one, { id, revision: 1, reason: null }, now)
    const end = new Date('2027-10-22T11:00:00Z')
    expect(await storyBySlug(db, slug, new Date(end.getTime() - 1))).toBeNull()
    expect(await storyBySlug(db, slug, end)).toMatchObject({ slug })
  })

  test('the queue shows what waits, oldest first, and edits nobody has looked at', async () => {
    const newer = await makeStory(db, { state: 'waiting', updated: '2027-10-20T11:00:00Z' })
    const older = await makeStory(db, { state: 'waiting', updated: '2027-10-19T11:00:00Z' })
    const edited = await makeStory(db, { updated: '2027-10-20T12:00:00Z' })
    await makeStory(db, { state: 'draft' })
    await makeStory(db)
    const diff = JSON.stringify({ title: ['Old', 'New'] })
    await db
      .insertInto('storyChanges')
      .values({ story: edited.id, byTeller: true, diff, read: false })
      .execute()
    const queue = await waitingStories(db, one, { page: 1 })
    expect(queue.map((story) => story.id)).toEqual([older.id, newer.id, edited.id])
    expect(queue.at(2)).toMatchObject({ state: 'published', edits: 1 })
    expect(await countWaitingStories(db, one, new Date('2028-01-01'))).toBe(3)
    expect(await countWaitingStories(db, one, new Date('2027-10-19T11:00:00Z'))).toBe(0)
    expect((await storyForReview(db, one, edited.id))?.difference).toEqual({ title: ['Old', 'New'] })
  })

  test('the address of whoever tells it is not among what a reviewer sees', async () => {
    const { id } = await waiting('secret@example.org')
    expect(JSON.stringify(await storyForReview(db, one, id))).not.toContain('secret@')
    expect(JSON.stringify(await waitingStories(db, one, { page: 1 }))).not.toContain('secret@')
  })

  test('what is not there is not there, whatever the address looks like', async () => {
    expect(await storyForReview(db, one, randomUUID())).toBeNull()
    expect(await storyForReview(db, one, 'not-an-id')).toBeNull()
    expect(
      (await refused(publishStory(db, one, { id: randomUUID(), revision: 1, reason: null }, now))).kind,
    ).toBe('missing')
  })
})

describe('hiding and showing again', () => {
  test('one press hides, whoever changed it meanwhile, and says so to whoever tells it', async () => {
    const { id, slug } = await makeStory(db, { revision: 12, email: 'g@example.org' })
    await hideStory(db, theSite, { id, reason: null }, now)
    await hideStory(db, theSite, { id, reason: null }, now)
    expect(await storyBySlug(db, slug, now)).toBeNull()
    expect((await mailsTo('g@example.org')).map((mail) => mail.name)).toEqual(['story-hidden'])
  })

  test('only somebody else than the one who hid it shows it again', async () => {
    const { id, slug } = await makeStory(db)
    await hideStory(db, one, { id, reason: null }, now)
    expect((await refused(restoreStory(db, one, { id, reason: 'It is fine.' }, now))).key).toBe(
      'stories.review.second-person',
    )
    expect((await storyForReview(db, one, id))?.mayRestore).toBe(false)
    expect((await storyForReview(db, two, id))?.mayRestore).toBe(true)
    await restoreStory(db, two, { id, reason: 'It is fine.' }, now)
    expect(await storyBySlug(db, slug, now)).toMatchObject({ published: new Date('2027-10-20T12:00:00Z') })
  })

  test('the one who hid it cannot go round that by way of another state', async () => {
    const { id } = await makeStory(db)
    await hideStory(db, one, { id, reason: null }, now)
    await db.updateTable('stories').set({ state: 'waiting' }).where('id', '=', id).execute()
    expect((await refused(publishStory(db, one, { id, revision: 2, reason: null }, now))).key).toBe(
      'stories.review.second-person',
    )
  })

  test('restoring what is not hidden does nothing', async () => {
    const { id } = await makeStory(db, { state: 'withdrawn' })
    expect((await refused(restoreStory(db, one, { id, reason: 'x' }, now))).kind).toBe('missing')
    expect(await stateOf(id)).toBe('withdrawn')
  })

  test('a story its teller took back is not published by the desk', async () => {
    const { id } = await makeStory(db, { state: 'withdrawn' })
    expect((await refused(publishStory(db, one, { id, revision: 1, reason: null }, now))).key).toBe(
      'stories.refusal.step',
    )
  })
})

describe('many at once', () => {
  const chosen = (stories: { id: string }[]) => stories.map((story) => `${story.id}:1`)
  test('each is decided on its own; what is refused is named, the rest is done', async () => {
    const stories = [await waiting('h@example.org'), await waiting('i@example.org')]
    const gone = await makeStory(db, { state: 'withdrawn' })
    const input = v.parse(bulkInput, { decision: 'publish', chosen: chosen([...stories, gone]) })
    const result = await decideStories(db, one, input, now)
    expect(result.done).toBe(2)
    expect(result.refused.map((left) => left.one.id)).toEqual([gone.id])
  })

  test('declining many needs the one reason', async () => {
    const input = v.parse(bulkInput, {
      decision: 'decline',
      chosen: chosen([await waiting('j@example.org')]),
    })
    expect((await refused(decideStories(db, one, input, now))).field).toBe('reason')
  })

  test('more than a hundred, none, or nonsense is refused', () => {
    const all = Array.from({ length: 101 }, () => `${randomUUID()}:1`)
    expect(v.safeParse(bulkInput, { decision: 'publish', chosen: all }).success).toBe(false)
    expect(v.safeParse(bulkInput, { decision: 'publish', chosen: all.slice(1) }).success).toBe(true)
    expect(v.safeParse(bulkInput, { decision: 'publish' }).success).toBe(false)
    expect(v.safeParse(bulkInput, { decision: 'publish', chosen: ['1;drop'] }).success).toBe(false)
    expect(v.safeParse(bulkInput, { decision: 'burn', chosen: all.slice(1) }).success).toBe(false)
  })
})
