import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { forgetReplies } from '#comments/server/tasks.ts'
import { latestReplies, ownCommentData, ownReply, waitingReplies } from '#comments/server/reads/replies.ts'
import { likeNoLonger, likeOnce, likes } from '#comments/server/writes/likes.ts'
import { ownWord } from '#comments/server/writes/move.ts'
import { bringReplyBack, correctReply, takeBackReply } from '#comments/server/writes/reply.ts'
import {
  decideReplies,
  decideReply,
  hideReply,
  restoreReply,
  watchWords,
} from '#comments/server/writes/review.ts'
import { day } from '#kernel/limits.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { replyToStory, type ReplyTo } from '#stories/server/writes/respond.ts'
import { storyBySlug, storyWithReplies } from '#stories/server/reads/wall.ts'
import { hideStory } from '#stories/server/writes/review.ts'
import { tellOfReply } from '#stories/server/tasks/reply.ts'
import { testDatabase } from '../../test/db.ts'
import { makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T12:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const reviewer = await makeAccount(db, 'reviewer', { role: 'reviewer' })
const second = await makeAccount(db, 'second', { role: 'reviewer' })
const ann = await makeAccount(db, 'ann')

let count = 0
const reply = (slug: string, over: Partial<ReplyTo> = {}): ReplyTo => ({
  slug,
  formKey: `k${(count += 1)}`,
  words: 'A joy to read.',
  name: 'Ann',
  email: null,
  website: null,
  language: 'en',
  ...over,
})
const say = async (viewer: Viewer, slug: string, over: Partial<ReplyTo> = {}, at = now) => {
  const { token, shown } = await replyToStory(db, viewer, reply(slug, over), at)
  return { id: await idOf(token), token, shown }
}
const idOf = async (token: string): Promise<string> => {
  const own = await ownReply(db, token)
  if (!own) throw new Error('A reply that was just sent is not there')
  return own.id
}
const decideNow = async (viewer: Viewer, id: string, to: 'shown' | 'declined' | 'hidden', at = now) => {
  const row = await db.selectFrom('replies').select('revision').where('id', '=', id).executeTakeFirstOrThrow()
  await decideReply(db, viewer, { id, revision: row.revision, to, reason: 'because' }, at)
}
const wordsUnder = async (slug: string, at = now) =>
  (await storyWithReplies(db, { slug, page: 1 }, at))?.said.replies.map(({ words }) => words)
const mailsTo = async (address: string) =>
  (await db.selectFrom('mails').select('name').where('address', '=', address).orderBy('name').execute()).map(
    ({ name }) => name,
  )
const stateOf = async (id: string) =>
  (await db.selectFrom('replies').select('state').where('id', '=', id).executeTakeFirst())?.state

describe('a guest’s reply', () => {
  test('waits for a person, is seen by everybody then, and is told to whoever wrote it and whoever told the story', async () => {
    const { slug } = await makeStory(db, { email: 'teller@people.test' })
    const { id, shown } = await say(anybody, slug, { email: 'guest@people.test' })
    expect([shown, await wordsUnder(slug)]).toEqual([false, []])
    expect((await waitingReplies(db, reviewer)).map((one) => one.id)).toContain(id)
    await decideNow(reviewer, id, 'shown')
    expect(await wordsUnder(slug)).toEqual(['A joy to read.'])
    expect((await storyBySlug(db, slug, now))?.heard).toEqual({ likes: 0, replies: 1 })
    await tellOfReply(db, { reply: id }, now)
    await tellOfReply(db, { reply: id }, now)
    expect(await mailsTo('guest@people.test')).toEqual(['reply-received', 'reply-shown'])
    expect(await mailsTo('teller@people.test')).toEqual(['reply-heard'])
  })

  test('shows the address it left to nobody: not under the story, not on its own page, not to reviewers, in no log', async () => {
    const { slug } = await makeStory(db)
    const { id, token } = await say(anybody, slug, { email: 'private.guest@people.test' })
    await decideNow(reviewer, id, 'shown')
    const all = [
      await storyWithReplies(db, { slug, page: 1 }, now),
      await ownReply(db, token),
      await latestReplies(db, reviewer, 1),
      await db.selectFrom('auditLog').selectAll().where('subject', '=', `replies:${id}`).execute(),
    ]
    expect(JSON.stringify(all)).not.toContain('private.guest')
  })

  test('pressed twice is one, answered with the same page', async () => {
    const { slug } = await makeStory(db)
    const same = reply(slug)
    const [one, other] = await Promise.all([
      replyToStory(db, anybody, same, now),
      replyToStory(db, anybody, same, now),
    ])
    expect(one).toEqual(other)
    expect((await waitingReplies(db, reviewer)).filter(({ id }) => ownWord(id) === one.token)).toHaveLength(1)
  })

  test('is refused for a story that cannot be read: hidden, waiting or never there look alike', async () => {
    const { slug } = await makeStory(db, { state: 'hidden' })
    const waiting = await makeStory(db, { state: 'waiting', published: null })
    for (const one of [slug, waiting.slug, 'never-was'])
      await expect(replyToStory(db, anybody, reply(one), now)).rejects.toMatchObject({ kind: 'missing' })
  })

  test('comes twenty times an hour from one address, not more', async () => {
    const { slug } = await makeStory(db)
    for (let n = 0; n < 20; n += 1) await say(anybody, slug, { email: 'many@people.test' })
    await expect(
      replyToStory(db, anybody, reply(slug, { email: 'many@people.test' }), now),
    ).rejects.toMatchObject({ kind: 'too-often' })
  })
})

describe('somebody signed in', () => {
  test('is seen at once when a person has let one of theirs be seen, and waits again when one was hidden', async () => {
    const { slug } = await makeStory(db)
    const first = await say(ann, slug)
    expect(first.shown).toBe(false)
    await decideNow(reviewer, first.id, 'shown')
    const next = await say(ann, slug, { words: 'And again.' }, later(1))
    expect([next.shown, await wordsUnder(slug)]).toEqual([true, ['A joy to read.', 'And again.']])
    await hideReply(db, theSite, { id: next.id, reason: null }, now)
    expect((await say(ann, slug)).shown).toBe(false)
  })

  test('waits with a watched word in it', async () => {
    const bea = await makeAccount(db, 'bea')
    const { slug } = await makeStory(db)
    await decideNow(reviewer, (await say(bea, slug)).id, 'shown')
    await watchWords(db, reviewer, { words: ['cheap pills'] })
    expect((await say(bea, slug, { words: 'Cheap  PILLS here' })).shown).toBe(false)
    expect((await say(bea, slug, { words: 'Cheap but cheerful' })).shown).toBe(true)
    await watchWords(db, reviewer, { words: [] })
    await expect(watchWords(db, bea, { words: [] })).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('whoever wrote it', () => {
  test('takes it back and brings it back; what was seen waits again, and after seven days it is erased', async () => {
    const { slug } = await makeStory(db)
    const { id, token } = await say(anybody, slug)
    await decideNow(reviewer, id, 'shown')
    await takeBackReply(db, anybody, { token }, now)
    await takeBackReply(db, anybody, { token }, now)
    expect(await wordsUnder(slug)).toEqual([])
    await bringReplyBack(db, anybody, { token }, later(1))
    expect([await stateOf(id), await wordsUnder(slug)]).toEqual(['waiting', []])
    await takeBackReply(db, anybody, { token }, later(2))
    expect((await forgetReplies(db, new Date(now.getTime() + 6 * day))).replies).toBe(0)
    await forgetReplies(db, new Date(now.getTime() + 8 * day))
    expect(await ownReply(db, token)).toBeNull()
  })

  test('changes it, and other words are read again; an older page is refused', async () => {
    const { slug } = await makeStory(db)
    const { id, token } = await say(anybody, slug)
    await decideNow(reviewer, id, 'shown')
    const revision = (await ownReply(db, token))?.revision ?? 0
    const change = { token, revision, words: 'Other words.', name: 'Ann', website: null }
    await correctReply(db, anybody, { ...change, words: 'A joy to read.' }, now)
    expect(await wordsUnder(slug)).toEqual(['A joy to read.'])
    await correctReply(db, anybody, change, now)
    expect([await stateOf(id), await wordsUnder(slug)]).toEqual(['waiting', []])
    await expect(correctReply(db, anybody, { ...change, words: 'Third words.' }, now)).rejects.toMatchObject({
      key: 'replies.changed',
    })
  })

  test('finds nothing with any other word', async () => {
    for (const token of ['', 'x', '../..', '\u0000', 'a'.repeat(60)])
      expect(await ownReply(db, token)).toBeNull()
  })
})

describe('the desk', () => {
  test('shows again only by somebody who neither hid nor wrote it', async () => {
    const { slug } = await makeStory(db)
    const { id } = await say(anybody, slug, { email: second.email })
    await decideNow(reviewer, id, 'shown')
    await hideReply(db, reviewer, { id, reason: null }, later(1))
    await hideReply(db, reviewer, { id, reason: null }, later(1))
    for (const who of [reviewer, second, anybody])
      await expect(restoreReply(db, who, { id, reason: 'r' }, later(2))).rejects.toMatchObject({
        kind: 'forbidden',
      })
    const third = await makeAccount(db, 'third', { role: 'organiser' })
    await restoreReply(db, third, { id, reason: 'All is well' }, later(3))
    expect(await wordsUnder(slug)).toEqual(['A joy to read.'])
  })

  test('decides about many, each on its own, and never about words that were changed meanwhile', async () => {
    const { slug } = await makeStory(db)
    const [one, other] = [await say(anybody, slug), await say(anybody, slug)]
    const change = { token: other.token, revision: 1, words: 'Changed.', name: 'Ann', website: null }
    await correctReply(db, anybody, change, now)
    const chosen = [one, other].map(({ id }) => ({ id, revision: 1 }))
    const decided = await decideReplies(db, reviewer, { decision: 'show', chosen, reason: null }, now)
    expect([decided.done, decided.refused.map(({ refusal }) => refusal.key)]).toEqual([
      1,
      ['replies.changed'],
    ])
    await expect(
      decideReplies(db, reviewer, { decision: 'decline', chosen, reason: null }, now),
    ).rejects.toMatchObject({ field: 'reason' })
    for (const who of [anybody, ann])
      await expect(
        decideReplies(db, who, { decision: 'show', chosen, reason: null }, now),
      ).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('keeps a declined reply for thirty days, and what a worry holds for as long as it is held', async () => {
    const { slug } = await makeStory(db)
    const [declined, held] = [await say(anybody, slug), await say(anybody, slug)]
    await decideNow(reviewer, declined.id, 'declined')
    await hideReply(db, theSite, { id: held.id, reason: null, hold: true }, now)
    await expect(takeBackReply(db, anybody, { token: held.token }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    await forgetReplies(db, new Date(now.getTime() + 31 * day))
    expect([await stateOf(declined.id), await stateOf(held.id)]).toEqual([undefined, 'hidden'])
  })
})

test('rule 26: hiding a story hides every reply to it, in every list and number, and nobody can answer it', async () => {
  const { id: story, slug } = await makeStory(db)
  const said = await say(anybody, slug, { words: 'Only here 4711.' })
  await decideNow(reviewer, said.id, 'shown')
  await hideStory(db, reviewer, { id: story, reason: null }, later(1))
  expect(await storyWithReplies(db, { slug, page: 1 }, later(1))).toBeNull()
  expect(await storyBySlug(db, slug, later(1))).toBeNull()
  await expect(replyToStory(db, anybody, reply(slug), later(1))).rejects.toMatchObject({ kind: 'missing' })
})

test('rule 27: likes are a set: whatever is pressed how often and in which order, each person counts once, as they pressed last', async () => {
  const { id: story, slug } = await makeStory(db)
  const press = fc.record({
    who: fc.constantFrom('one', 'two', 'three', 'ann'),
    likes: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(press, { maxLength: 25 }), async (presses) => {
      await sql`delete from likes where story = ${story}`.execute(db)
      const last = new Map<string, boolean>()
      for (const { who, likes: does } of presses) {
        const viewer = who === 'ann' ? ann : anybody
        const liking = { story, browser: who }
        await (does ? likeOnce(db, viewer, liking, now) : likeNoLonger(db, viewer, liking))
        last.set(who, does)
        expect(await likes(db, viewer, liking)).toBe(does)
      }
      const count = [...last.values()].filter(Boolean).length
      expect((await storyBySlug(db, slug, now))?.heard?.likes).toBe(count)
    }),
    { numRuns: 20 },
  )
})

test('what an account said and liked is in its own data, and goes with it', async () => {
  const cat = await makeAccount(db, 'cat')
  const { id: story, slug } = await makeStory(db)
  const { id } = await say(cat, slug, { words: 'From Cat.' })
  await likeOnce(db, cat, { story, browser: '' }, now)
  const own = await ownCommentData(db, cat)
  expect([own.replies.map(({ words }) => words), own.likes.length]).toEqual([['From Cat.'], 1])
  await db.deleteFrom('accounts').where('id', '=', cat.account).execute()
  expect(await stateOf(id)).toBeUndefined()
  expect((await storyBySlug(db, slug, now))?.heard?.likes).toBe(0)
})
