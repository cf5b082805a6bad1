import { beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { pressForm } from '#letters/reply.ts'
import { letterForm } from '#letters/letter.ts'
import { signInput } from '#letters/own.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { lastAnswers, officesSaid } from '#letters/server/reads/replies.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { letterToSign, signatureBy } from '#letters/server/reads/sign.ts'
import { signatureToken } from '#letters/server/signature-link.ts'
import { mailNames } from '../../../../test/letters.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { beginLetter, signingWord } from './begin.ts'
import { tellMove } from './own.ts'
import { answerLetter } from './answer.ts'
import { confirmSignature, signLetter, takeBackSignature, tellNoMore } from './sign.ts'
import { eraseLetter, saveWords } from './words.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
beforeAll(() => makeWeek(db))

const words = {
  name: 'Ann Example',
  lines: '',
  title: 'Come and see it',
  greeting: 'Dear Chair,',
  words: 'We hum.',
  closing: 'Yours,',
}
async function begin() {
  const whom = { officeName: 'The Chair', officeLines: 'Leeds', language: 'en', envelope: 'dl' }
  const joint = { writer: 'joint', keep: 'yes', email: `${crypto.randomUUID()}@example.org` }
  const { token } = await beginLetter(db, anybody, v.parse(letterForm, { ...words, ...whom, ...joint }), now)
  const letter = await own(token)
  return { token, word: signingWord(letter.id), delivery: letter.deliveries[0]?.id ?? '' }
}
async function own(token: string) {
  const letter = await letterBy(db, token)
  if (!letter) throw new Error('no letter')
  return letter
}
const sign = (word: string, over: Record<string, string>) => {
  const form = v.parse(signInput, { word, as: 'full', name: 'Sam Example', ...over })
  return signLetter(db, anybody, { ...form, from: crypto.randomUUID() }, now)
}
/** The words in the links that were mailed to an address, the newest last. */
const mailed = async (email: string) => {
  const rows = await db
    .selectFrom('mails')
    .select('params')
    .where('address', '=', email)
    .orderBy('created')
    .execute()
  return rows.map((row) => (row.params as { link: string }).link.split('/').at(-1) ?? '')
}

test('a signature counts once its e-mail is confirmed, as somebody wants to be read, and can be taken back', async () => {
  const { token, word } = await begin()
  await sign(word, { email: 'full@example.org' })
  await sign(word, { email: 'first@example.org', as: 'first' })
  await sign(word, { email: 'words@example.org', as: 'words', inWords: 'a parent in Leeds' })
  expect(await own(token)).toMatchObject({ signatures: [], unsure: 3 })
  const links: string[] = []
  for (const email of ['full@example.org', 'first@example.org', 'words@example.org']) {
    const [mine = ''] = await mailed(email)
    links.push(mine)
    for (const _ of [1, 2])
      await confirmSignature(db, anybody, { word, mine }, new Date(now.getTime() + links.length))
  }
  expect(await own(token)).toMatchObject({
    signatures: ['Sam Example', 'Sam', 'a parent in Leeds'],
    unsure: 0,
  })
  const [mine = ''] = links
  for (const _ of [1, 2]) await takeBackSignature(db, anybody, { word, mine }, now)
  expect((await letterToSign(db, word))?.signatures).toEqual(['Sam', 'a parent in Leeds'])
  expect(await signatureBy(db, { word, mine })).toBeNull()
  await expect(confirmSignature(db, anybody, { word, mine }, now)).rejects.toMatchObject({ kind: 'missing' })
  await expect(
    saveWords(db, anybody, { token, revision: 1, ...words, lines: [] }, now),
  ).rejects.toMatchObject({ key: 'letters.signed-already' })
})

test('whoever types the e-mail of somebody who signed changes nothing of theirs', async () => {
  const { token, word } = await begin()
  await sign(word, { email: 'twice@example.org' })
  const [mine = ''] = await mailed('twice@example.org')
  await confirmSignature(db, anybody, { word, mine }, now)
  await sign(word, { email: 'twice@example.org', name: 'Somebody Else' })
  expect((await own(token)).signatures).toEqual(['Sam Example'])
  expect(await mailed('twice@example.org')).toHaveLength(2)
})

test('the same form pressed twice mails once', async () => {
  const { word } = await begin()
  const press = { email: 'press@example.org', formKey: 'one-press' }
  await Promise.all([sign(word, press), sign(word, press)])
  expect(await mailed('press@example.org')).toHaveLength(1)
})

test('once the letter has left nobody signs any more; erased, there is nothing to sign', async () => {
  const { token, word, delivery } = await begin()
  await sign(word, { email: 'late@example.org' })
  await tellMove(db, anybody, { token, delivery, to: 'posted' }, now)
  const [mine = ''] = await mailed('late@example.org')
  for (const attempt of [
    () => sign(word, { email: 'later@example.org' }),
    () => confirmSignature(db, anybody, { word, mine }, now),
  ])
    await expect(attempt()).rejects.toMatchObject({ key: 'letters.sign.closed' })
  await eraseLetter(db, anybody, { token }, now)
  expect(await letterToSign(db, word)).toBeNull()
  const rows = await db
    .selectFrom('signatures')
    .select('id')
    .where('email', '=', 'late@example.org')
    .execute()
  expect(rows).toEqual([])
  await expect(sign(word, { email: 'gone@example.org' })).rejects.toMatchObject({ kind: 'missing' })
})

test('its writer says yes to the names that they read: another asks them to read again, and after their yes nobody signs', async () => {
  const { token, word } = await begin()
  const [before, later] = ['before@example.org', 'later@example.org']
  for (const email of [before, later]) await sign(word, { email })
  const revision = async () => (await own(token)).revision
  const read = await revision()
  const [mine = ''] = await mailed(before)
  await confirmSignature(db, anybody, { word, mine }, now)
  expect(await revision()).toBe(read + 1)
  await db
    .updateTable('deliveries')
    .set({ confirmedSays: Buffer.from('yes') })
    .where('letter', '=', (await own(token)).id)
    .execute()
  expect((await letterToSign(db, word))?.closed).toBe(true)
  const [other = ''] = await mailed(later)
  await expect(confirmSignature(db, anybody, { word, mine: other }, now)).rejects.toMatchObject({
    key: 'letters.sign.closed',
  })
})

test('mistakes stand at their fields', () => {
  const issues = (over: Record<string, string>) =>
    (
      v.safeParse(signInput, { word: 'w', as: 'full', name: 'Sam', email: 's@example.org', ...over })
        .issues ?? []
    ).map((one) => [one.path?.[0]?.key, one.message])
  expect(issues({ name: '' })).toEqual([['name', 'letters.sign.name-needed']])
  expect(issues({ as: 'words' })).toEqual([['inWords', 'letters.sign.in-words-needed']])
  expect(issues({ email: 'nobody' })).toEqual([['email', 'input.email']])
  expect(issues({})).toEqual([])
})

test('whoever signed a joint letter hears of an answer if they chose to, until they choose not to', async () => {
  const { token, word } = await begin()
  const { id, deliveries } = await own(token)
  const { code = '', id: delivery = '' } = deliveries[0] ?? {}
  const pressed = (press: string) => answerLetter(db, anybody, v.parse(pressForm, { code, press }), now)
  const people = ['told@people.org', 'quiet@people.org', 'unsure@people.org'] as const
  for (const email of people)
    await sign(word, { email, ...(email !== 'quiet@people.org' && { tell: 'yes' }) })
  const mine = signatureToken(id, 'told@people.org')
  await confirmSignature(db, anybody, { word, mine }, now)
  await confirmSignature(db, anybody, { word, mine: signatureToken(id, 'quiet@people.org') }, now)
  await pressed('visit')
  await pressed('visit')
  const names = await Promise.all(people.map((email) => mailNames(db, email)))
  expect(names).toEqual([['letter-sign', 'letter-signed-answered'], ['letter-sign'], ['letter-sign']])
  expect(await mailed('told@people.org')).toEqual([mine, mine])
  expect((await replyPage(db, { code, seal: null }, 'en'))?.joint).toBe(true)
  expect(await officesSaid(db, id)).toEqual([{ office: 'The Chair', kind: 'visit' }])
  expect(await lastAnswers(db, id)).toMatchObject([{ delivery, kind: 'visit', via: 'reply-page' }])
  await tellNoMore(db, anybody, { word, mine }, now)
  await pressed('not-now')
  expect(await mailNames(db, 'told@people.org')).toEqual(['letter-sign', 'letter-signed-answered'])
})
