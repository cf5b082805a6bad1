import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { day } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import type { DeliveryState } from '#letters/delivery.ts'
import { pressForm, quickForm, tellForm } from '#letters/reply.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { letterNumbers } from '#letters/server/reads/numbers.ts'
import { oldPromises } from '#letters/server/reads/promises.ts'
import { repliesTo } from '#letters/server/reads/replies.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { askForAnswers } from '#letters/server/tasks/ask.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { confirmLetter } from '#letters/server/writes/confirm.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { settlePromise } from '#letters/server/writes/promise.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import { tellQuickly, tellReply, thankFor } from '#letters/server/writes/tell.ts'
import { testDatabase } from '../../../../test/db.ts'
import { askFor, mailNames, makeLetter, makeOffice, makeQueued } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const after = (days: number): Date => new Date(now.getTime() + days * day)
beforeAll(async () => {
  await makeWeek(db)
  await db
    .insertInto('asks')
    .values({
      week: 2027,
      code: 'visit',
      position: 1,
      names: JSON.stringify({ en: 'Visit us' }),
      words: JSON.stringify({ en: 'Will you come and see it?' }),
      answer: 'yes-no',
    })
    .execute()
})
beforeEach(async () => {
  for (const table of ['rateCounts', 'promises', 'letters', 'mails', 'doNotWrite'] as const)
    await db.deleteFrom(table).execute()
})

const pressed = (code: string, press: string, over: Record<string, string> = {}) =>
  answerLetter(db, anybody, v.parse(pressForm, { code, press, ...over }), now)

async function posted() {
  const office = await makeOffice(db)
  const { token, letter } = await makeLetter(db, now, {
    offices: office.ref,
    ask: 'visit',
    email: 'ann@people.org',
    keep: 'yes',
  })
  const [one] = letter.deliveries
  if (!one) throw new Error('nobody to write to')
  await db
    .transaction()
    .execute((trx) => moveDelivery(trx, one.id, { state: 'said-sent', evidence: 'said' }, now))
  return { office, token, id: letter.id, delivery: one.id, code: one.code }
}

const told = (token: string, delivery: string, over: Record<string, string> = {}) =>
  tellReply(
    db,
    anybody,
    v.parse(tellForm, {
      token,
      delivery,
      received: '2027-10-19',
      via: 'post',
      kind: 'answered',
      answered: 'yes',
      ...over,
    }),
    now,
  )

describe('the page of an office', () => {
  test('says what is asked, and nothing of the letter or of who wrote it', async () => {
    const { code } = await posted()
    const page = await replyPage(db, { code, seal: null }, 'en')
    expect(page).toMatchObject({
      office: 'Chair, Leeds Learning Trust',
      ask: { words: 'Will you come and see it?' },
      said: null,
    })
    expect(JSON.stringify(page)).not.toMatch(/Ann|hums|Long Road|people\.org/)
  })

  test('does not show what somebody typed of an office', async () => {
    const { letter } = await makeLetter(db, now, { officeName: 'Mr Private', officeLines: 'At home' })
    expect(
      (await replyPage(db, { code: letter.deliveries[0]?.code ?? '', seal: null }, 'en'))?.office,
    ).toBeNull()
  })

  test('is the same nothing for a wrong code and for a letter that is erased', async () => {
    const { code, id } = await posted()
    await db
      .updateTable('letters')
      .set({ erased: now, title: null, words: null, sender: null, email: null })
      .where('id', '=', id)
      .execute()
    for (const one of [code, '2222-2222']) {
      expect(await replyPage(db, { code: one, seal: null }, 'en')).toBeNull()
      await expect(pressed(one, 'yes')).rejects.toMatchObject({ key: 'refusal.missing' })
    }
  })

  test('keeps one answer, which a second press changes, and tells the writer of each', async () => {
    const { code, token, delivery } = await posted()
    await pressed(code, 'yes', { promise: 'We come on a Tuesday', due: '2027-11-02' })
    await pressed(code, 'yes', { promise: 'We come on a Monday' })
    expect(await repliesTo(db, token)).toMatchObject({
      deliveries: [
        { evidence: 'confirmed', replies: [{ kind: 'promised', promise: 'We come on a Monday', due: null }] },
      ],
    })
    await pressed(code, 'not-now', { promise: 'In spring', due: '2028-04-01' })
    const said = async () => (await repliesTo(db, token))?.deliveries[0]?.replies
    const no = { kind: 'no', answered: 'no', promise: 'In spring', due: '2028-04-01' }
    expect(await said()).toMatchObject([no])
    await pressed(code, 'not-now')
    expect(await said()).toMatchObject([{ ...no, promise: null, due: null }])
    expect(await mailNames(db)).toEqual(['letter-link', 'letter-answered', 'letter-answered'])
    const events = db.selectFrom('deliveryEvents').select('evidence').where('delivery', '=', delivery)
    expect(await events.where('evidence', '=', 'confirmed').execute()).toHaveLength(1)
  })
})

test('a promise for a day that is over, or more than five years ahead, is refused at its field, whatever the office presses, and of the writer', async () => {
  const { code, token, delivery } = await posted()
  const past = { promise: 'A ramp', due: '2027-10-17' }
  const refused = { kind: 'invalid', key: 'letters.promise.past', field: 'due' }
  for (const press of ['yes', 'not-now'])
    await expect(pressed(code, press, past)).rejects.toMatchObject(refused)
  const form = { kind: 'promised', formKey: 'past', ...past }
  await expect(told(token, delivery, form)).rejects.toMatchObject(refused)
  for (const due of ['2027-10-19', '2032-10-20']) await pressed(code, 'yes', { promise: 'A ramp', due })
  const far = pressed(code, 'yes', { promise: 'A ramp', due: '2126-10-19' })
  await expect(far).rejects.toMatchObject({ kind: 'invalid', key: 'letters.promise.far', field: 'due' })
})

test('what an office promised comes back in the week after to those who write to it, once organisers show it', async () => {
  const { code, office } = await posted()
  await pressed(code, 'yes', { promise: 'We come on a Monday' })
  await makeWeek(db, { year: 2028, monday: '2028-10-16', name: 'Week 2028' })
  const later = new Date('2028-10-17T10:00:00Z')
  const next = await makeLetter(db, later, { offices: office.ref })
  const other = await makeLetter(db, later, { offices: (await makeOffice(db)).ref })
  await db.updateTable('letters').set({ week: 2028 }).where('created', '=', later).execute()
  expect(await oldPromises(db, next.letter.id)).toEqual([])
  const [promise] = (await lettersDesk(db, theSite, later)).promises
  const settle = { promise: promise?.id ?? '', state: 'open' as const, note: null, shared: true, revision: 1 }
  await settlePromise(db, theSite, settle, later)
  expect(await oldPromises(db, next.letter.id)).toMatchObject([{ week: 2027, words: 'We come on a Monday' }])
  expect(await oldPromises(db, other.letter.id)).toEqual([])
  await settlePromise(db, theSite, { ...settle, state: 'kept', revision: 2 }, later)
  expect(await oldPromises(db, next.letter.id)).toEqual([])
})

test('an office can change its answer however often offices have answered before', async () => {
  const { code, token } = await posted()
  for (const press of ['yes', 'not-now', 'more', 'visit', 'wrong-office', 'already-answered', 'yes'])
    await db.transaction().execute(async (trx) => {
      // As it is on a connection that has answered many times.
      await sql`set local plan_cache_mode = force_generic_plan`.execute(trx)
      await answerLetter(trx, anybody, v.parse(pressForm, { code, press }), now)
    })
  expect((await repliesTo(db, token))?.deliveries[0]?.replies).toMatchObject([{ kind: 'answered' }])
})

describe('what a writer tells', () => {
  test('is kept with its promise, once for each press, for the right letter only', async () => {
    const { token, delivery } = await posted()
    const form = {
      formKey: 'one-press',
      promise: 'A ramp',
      due: '2028-01-10',
      kind: 'promised',
      words: 'So kind.',
    }
    await Promise.all([told(token, delivery, form), told(token, delivery, form)])
    const found = await repliesTo(db, token)
    expect(found?.deliveries[0]?.replies).toMatchObject([
      { kind: 'promised', words: 'So kind.', due: '2028-01-10' },
    ])
    await expect(told('forged', delivery)).rejects.toMatchObject({ kind: 'missing' })
    await expect(told(token, delivery, { received: '2027-12-01' })).rejects.toMatchObject({
      field: 'received',
    })
    const reply = found?.deliveries[0]?.replies[0]?.id ?? ''
    await thankFor(db, anybody, { token, reply }, now)
    await thankFor(db, anybody, { token, reply }, after(1))
    expect((await repliesTo(db, token))?.deliveries[0]?.replies[0]?.thanked).toEqual(now)
    await expect(thankFor(db, anybody, { token: 'forged', reply }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
  })

  test('is asked for after 14 and 21 days, not once it is told, nor when nothing is expected', async () => {
    const [silent, answered, unexpected] = [await posted(), await posted(), await posted()]
    await told(answered.token, answered.delivery)
    await pressed((await posted()).code, 'already-answered')
    const quick = (one: typeof silent, answer: string) =>
      tellQuickly(db, anybody, v.parse(quickForm, { token: one.token, delivery: one.delivery, answer }), now)
    await quick(unexpected, 'not-expected')
    await askForAnswers(db, {}, after(13))
    for (const days of [14, 15, 21, 22]) await askForAnswers(db, {}, after(days))
    const mails = await db
      .selectFrom('mails')
      .select('key')
      .where('name', '=', 'letter-asked')
      .orderBy('created')
      .execute()
    expect(mails.map(({ key }) => key)).toEqual(
      [14, 21].map((days) => `letter-asked:${silent.id}:2027-10-19:${days}`),
    )
    await quick(silent, 'answered')
    await quick(silent, 'answered')
    expect((await repliesTo(db, silent.token))?.deliveries[0]?.replies).toHaveLength(1)
  })

  test('of a letter that came back and left anew is asked for anew, and it may come back anew', async () => {
    const office = await makeOffice(db)
    const { token, word, deliveries } = await makeQueued(db, now, [office.ref])
    const [delivery = ''] = deliveries
    const goes = (days: number, ...states: DeliveryState[]) =>
      db.transaction().execute(async (trx) => {
        for (const state of states)
          await moveDelivery(trx, delivery, { state, evidence: 'seen' }, after(days))
      })
    const comesBack = (days: number) =>
      db.transaction().execute((trx) => returnDelivery(trx, delivery, { status: '5.7.1' }, after(days)))
    const own = async () => {
      const letter = await letterBy(db, token)
      if (!letter) throw new Error('no letter')
      return letter
    }
    const mailed = async (name: string) => (await mailNames(db)).filter((one) => one === name).length
    await goes(0, 'sending', 'sent', 'assumed')
    await askForAnswers(db, {}, after(14))
    await comesBack(15)
    await askForAnswers(db, {}, after(21))
    expect(await mailed('letter-asked')).toBe(1)
    await askFor(db, { token, letter: await own() }, after(22))
    const { revision } = await own()
    await confirmLetter(db, anybody, { word, revision }, after(22))
    await goes(22, 'sending', 'sent', 'assumed')
    const counts: number[] = []
    for (const days of [35, 36, 42, 43, 44]) {
      await askForAnswers(db, {}, after(days))
      counts.push(await mailed('letter-asked'))
    }
    expect(counts).toEqual([1, 2, 2, 3, 3])
    expect((await own()).erase?.getTime()).toBeGreaterThan(after(43).getTime())
    await comesBack(44)
    expect(await mailed('letter-returned')).toBe(2)
  })
})

describe('the numbers of a week', () => {
  const numbers = () => letterNumbers(db, 2027)
  test('count what is said and told, each delivery once, and no example', async () => {
    const { token, delivery, code } = await posted()
    const other = await posted()
    const example = await posted()
    await db.updateTable('letters').set({ example: true }).where('id', '=', example.id).execute()
    await told(token, delivery, { promise: 'A ramp' })
    await told(token, delivery)
    await pressed(code, 'yes')
    await pressed(example.code, 'visit', { promise: 'Not counted' })
    expect(await numbers()).toEqual({ saidPosted: 2, sentFromHere: 0, answersTold: 1, promises: 1, kept: 0 })
    await pressed(other.code, 'visit', { promise: 'Cake' })
    const [promise] = (await lettersDesk(db, theSite, now)).promises.filter(({ words }) => words === 'A ramp')
    const settle = {
      promise: promise?.id ?? '',
      state: 'kept' as const,
      note: 'Seen',
      shared: false,
      revision: 1,
    }
    await expect(settlePromise(db, anybody, settle, now)).rejects.toMatchObject({ kind: 'missing' })
    await settlePromise(db, theSite, settle, now)
    expect(await numbers()).toEqual({ saidPosted: 2, sentFromHere: 0, answersTold: 2, promises: 2, kept: 1 })
    // What somebody settled does not go with a changed answer.
    expect((await lettersDesk(db, theSite, now)).promises.map(({ state }) => state)).toContain('kept')
  })
})
