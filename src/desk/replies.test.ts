import { describe, expect, test } from 'vitest'
import { repliesTo } from '#comments/server/reads/replies.ts'
import { hideReplyAgain, restoreReply } from '#comments/server/writes/review.ts'
import { askedToHide } from '#desk/server/many.ts'
import { concernById, queueOf } from '#desk/server/reads.ts'
import { raiseConcern } from '#desk/server/raise.ts'
import { closeConcern, openConcern, restoreSubject } from '#desk/server/writes.ts'
import { anybody } from '#kernel/viewer.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { testDatabase } from '../../test/db.ts'
import { makeStory, makeWeek } from '../../test/make.ts'
import { makeAccount } from '../../test/organisations.ts'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-26T10:00:00Z')
const [ben, cat, dora] = await Promise.all(
  ['ben', 'cat', 'dora'].map((name) => makeAccount(db, name, { role: 'reviewer' })),
)
if (!ben || !cat || !dora) throw new Error('Three accounts were made')
let count = 0

/** A reply that everybody reads. */
async function shownReply(): Promise<{ id: string; story: string }> {
  const { id: story } = await makeStory(db)
  const { id } = await db
    .insertInto('replies')
    .values({
      story,
      words: 'SECRET words',
      name: 'Ann',
      state: 'shown',
      token: hashToken(`shown ${(count += 1)}`),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, story }
}
const press = async (door: 'worried' | 'take-down' | 'wrong', reply: string) => {
  const about = `replies:${reply}`
  await raiseConcern(db, anybody, { formKey: '', door, about, words: null, email: null, country: null }, now)
  const { id } = await db
    .selectFrom('concerns')
    .select('id')
    .where('subject', '=', about)
    .where('door', '=', door)
    .executeTakeFirstOrThrow()
  return id
}
const seen = async (story: string) => (await repliesTo(db, story, 1)).replies.length
const ledger = async (surface: string) =>
  (
    await db
      .selectFrom('consentEvents')
      .select('kind')
      .where('surface', '=', surface)
      .where('kind', '=', 'put-away')
      .execute()
  ).length

describe('a concern about a reply', () => {
  test('hides the reply at once and nothing else, is in the ledger, and a second person brings it back', async () => {
    const { id, story } = await shownReply()
    const concern = await press('take-down', id)
    expect([await seen(story), await ledger(id)]).toEqual([0, 1])
    expect((await askedToHide(db, ben)).map((one) => one.id)).toContain(id)
    expect((await concernById(db, ben, concern, now)).about).toMatchObject({ title: 'Ann', hidden: true })
    const line = async () => (await queueOf(db, ben)).concerns.find((one) => one.id === concern)
    expect(await line()).toMatchObject({ hid: true, hidden: true })
    await restoreSubject(db, ben, { id: concern, reason: 'All is well' }, now)
    expect(await line()).toMatchObject({ hid: true, hidden: false })
    expect(await seen(story)).toBe(1)
  })

  test('in which somebody is worried keeps it as it is, sealed, until one of its two opens it and says it is over', async () => {
    const { id, story } = await shownReply()
    const concern = await press('worried', id)
    expect(await seen(story)).toBe(0)
    expect(JSON.stringify(await concernById(db, dora, concern, now))).not.toContain('SECRET')
    await expect(restoreReply(db, dora, { id, reason: 'r' }, now)).rejects.toMatchObject({
      key: 'refusal.held',
    })
    const hold = (await concernById(db, ben, concern, now)).hold
    const opener = [ben, cat, dora].find(({ account }) =>
      hold?.openers.some((one) => one.account === account),
    )
    if (!opener) throw new Error('Two were named')
    expect((await openConcern(db, opener, { id: concern }, now)).about?.words).toBe('SECRET words')
    await closeConcern(db, opener, { id: concern, outcome: 'Spoken to them' }, now)
    await restoreReply(db, dora, { id, reason: 'r' }, now)
    expect(await seen(story)).toBe(1)
  })

  test('that says something is wrong hides nothing; one about a reply that is gone hides nothing and says the same', async () => {
    const { id, story } = await shownReply()
    await press('wrong', id)
    expect(await seen(story)).toBe(1)
    const never = '11111111-2222-4333-8444-555555555555'
    const ask = (reply: string) => {
      const input = { formKey: '', about: `replies:${reply}`, words: null, email: null, country: null }
      return raiseConcern(db, anybody, { ...input, door: 'take-down' }, now)
    }
    expect(await ask(never)).toEqual({ door: 'take-down', gone: `/replies/${never}`, unread: false })
    expect(await ask(id)).toEqual({ door: 'take-down', gone: `/replies/${id}`, unread: false })
  })
})

test('a restore of an older backup hides again what was put away since, and whoever hid it cannot bring it back', async () => {
  const { id, story } = await shownReply()
  const away = { surface: id, by: ben.account ?? '' }
  expect(await db.transaction().execute((trx) => hideReplyAgain(trx, away, now))).toBe(true)
  expect(await db.transaction().execute((trx) => hideReplyAgain(trx, away, now))).toBe(false)
  expect(await seen(story)).toBe(0)
  await expect(restoreReply(db, ben, { id, reason: 'r' }, now)).rejects.toMatchObject({ kind: 'forbidden' })
})
