import { beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { letterForm } from '#letters/letter.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { ownLetterData } from '#letters/server/reads/own-data.ts'
import { letterNumbers } from '#letters/server/reads/numbers.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { addressHashes } from '#letters/server/reads/do-not-write.ts'
import { beginLetter } from './begin.ts'
import { giveAddress, lookForAddress, tellMade, tellMove } from './own.ts'
import { eraseLetter, putBack, saveWords } from './words.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const later = new Date('2027-10-21T10:00:00Z')
beforeAll(() => makeWeek(db))

const typed = {
  officeName: 'The Chair',
  officeLines: 'Long House\nLeeds LS2 2BB',
  officeEmail: 'chair@trust.example',
  writer: 'self',
  name: 'Ann Example',
  lines: '1 Long Road',
  title: 'Come and see it',
  greeting: 'Dear Chair,',
  words: 'He hums when he is happy.',
  closing: 'Yours sincerely,',
  language: 'en',
  envelope: 'dl',
  keep: 'yes',
  email: 'ann@example.org',
}
async function begin(over: Record<string, string> = {}) {
  const input = v.parse(letterForm, { ...typed, email: `${crypto.randomUUID()}@example.org`, ...over })
  const { token } = await beginLetter(db, anybody, input, now)
  return { token, delivery: (await own(token)).deliveries[0]?.id ?? '' }
}
async function own(token: string) {
  const letter = await letterBy(db, token)
  if (!letter) throw new Error('no letter')
  return letter
}
const stateOf = async (token: string) => {
  const [one] = (await own(token)).deliveries
  return [one?.channel, one?.state, one?.evidence]
}
async function makeOffice() {
  const key = `test:${crypto.randomUUID()}`
  const { id } = await db
    .insertInto('directoryOrganisations')
    .values({ key, name: 'Leeds Learning Trust', classification: 'trust' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, key, ref: `organisation:${id}` }
}

test('what the writer says is written down as said, on the way it went, and twice is once', async () => {
  const of = await begin()
  await tellMade(db, anybody, { token: of.token, deliveries: [of.delivery] }, now)
  expect(await stateOf(of.token)).toEqual(['post', 'made', 'seen'])
  const before = await letterNumbers(db, 2027)
  for (const at of [now, later]) await tellMove(db, anybody, { ...of, to: 'handed-over' }, at)
  expect(await stateOf(of.token)).toEqual(['hand', 'handed-over', 'said'])
  expect((await own(of.token)).released).toEqual(now)
  expect((await letterNumbers(db, 2027)).saidPosted).toBe(before.saidPosted + 1)
  await tellMove(db, anybody, { ...of, to: 'returned' }, later)
  await tellMade(db, anybody, { token: of.token, deliveries: [of.delivery] }, later)
  expect(await stateOf(of.token)).toEqual(['hand', 'returned', 'said'])
  // What came back may go once more, another way as well: it leaves anew.
  const much = new Date('2027-11-10T10:00:00Z')
  await tellMove(db, anybody, { ...of, to: 'posted' }, much)
  expect((await own(of.token)).erase).toEqual(new Date('2027-12-08T10:00:00Z'))
  expect(await stateOf(of.token)).toEqual(['post', 'posted', 'said'])
  await expect(tellMove(db, anybody, { ...of, to: 'said-sent' }, later)).rejects.toMatchObject({
    key: 'letters.has-left',
  })
})

test('one that was meant for paper can go from the own mail program, and is made on paper from there', async () => {
  const of = await begin()
  await tellMove(db, anybody, { ...of, to: 'said-sent' }, now)
  expect(await stateOf(of.token)).toEqual(['own-mail', 'said-sent', 'said'])
  const mailed = await begin({ officeLines: '' })
  expect(await stateOf(mailed.token)).toEqual(['own-mail', 'planned', 'said'])
  await tellMade(db, anybody, { token: mailed.token, deliveries: [mailed.delivery] }, now)
  expect(await stateOf(mailed.token)).toEqual(['post', 'made', 'seen'])
})

test('a word that is not the letter’s, or a delivery of another, moves nothing', async () => {
  const [one, two] = [await begin(), await begin()]
  const tries = [
    { token: 'forged', delivery: one.delivery },
    { token: one.token, delivery: two.delivery },
  ]
  for (const of of tries)
    await expect(tellMove(db, anybody, { ...of, to: 'posted' }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
  expect([await stateOf(one.token), await stateOf(two.token)]).toEqual([
    ['post', 'planned', 'said'],
    ['post', 'planned', 'said'],
  ])
})

test('a letter waits for an address until the directory or its writer knows one', async () => {
  const office = await makeOffice()
  const whom = { offices: office.ref, officeName: '', officeLines: '', officeEmail: '' }
  const [looks, gives] = [await begin(whom), await begin(whom)]
  await expect(tellMove(db, anybody, { ...looks, to: 'posted' }, now)).rejects.toMatchObject({
    key: 'letters.cannot-follow',
  })
  await expect(lookForAddress(db, anybody, looks, now)).rejects.toMatchObject({ key: 'letters.still-none' })
  const broken = {
    organisation: office.id,
    type: 'email',
    value: 'Gone@trust.example',
    state: 'broken',
  } as const
  await db
    .insertInto('directoryContacts')
    .values({ key: `${office.key}/gone`, ...broken })
    .execute()
  const typed = { ...gives, officeLines: [], officeEmail: 'gone@trust.example' }
  await expect(giveAddress(db, anybody, typed, now)).rejects.toMatchObject({
    key: 'letters.waits.broken',
    field: 'officeEmail',
  })
  await giveAddress(db, anybody, { ...gives, officeLines: ['The Trust', 'Leeds'], officeEmail: null }, now)
  expect((await own(gives.token)).deliveries).toMatchObject([
    { state: 'planned', channel: 'post', address: ['The Trust', 'Leeds'], ref: office.ref },
  ])
  await db
    .insertInto('directoryContacts')
    .values({ key: office.key, organisation: office.id, type: 'email', value: 'Office@trust.example' })
    .execute()
  for (const at of [now, later]) await lookForAddress(db, anybody, looks, at)
  expect((await own(looks.token)).deliveries).toMatchObject([
    { state: 'planned', channel: 'own-mail', email: 'office@trust.example' },
  ])
})

test('what its writer typed of an office is corrected until the letter has left', async () => {
  const of = await begin()
  const give = (officeLines: string[], officeEmail: string | null) =>
    giveAddress(db, anybody, { ...of, officeLines, officeEmail }, now)
  await give(['The Chair', 'Short House'], 'chairs@trust.example')
  expect((await own(of.token)).deliveries).toMatchObject([
    {
      state: 'planned',
      channel: 'post',
      address: ['The Chair', 'Short House'],
      email: 'chairs@trust.example',
    },
  ])
  await tellMade(db, anybody, { token: of.token, deliveries: [of.delivery] }, now)
  await give([], 'chairs@trust.example')
  expect(await stateOf(of.token), 'without an address it is not for paper').toEqual([
    'own-mail',
    'planned',
    'said',
  ])
  await tellMove(db, anybody, { ...of, to: 'said-sent' }, now)
  await give(['Too late'], null)
  expect((await own(of.token)).deliveries).toMatchObject([{ state: 'said-sent', address: null }])
})

test('an office that asked not to be written to is not reached by an address that somebody types', async () => {
  const office = await makeOffice()
  const of = await begin({ offices: office.ref, officeName: '', officeLines: '', officeEmail: '' })
  const [address = ''] = addressHashes({ email: 'never@trust.example', address: null })
  await db.insertInto('doNotWrite').values({ address }).execute()
  await expect(
    giveAddress(db, anybody, { ...of, officeLines: [], officeEmail: 'never@trust.example' }, now),
  ).rejects.toMatchObject({ key: 'letters.left-alone' })
  expect((await own(of.token)).deliveries).toMatchObject([{ state: 'no-address', email: null }])
})

const changed = { name: 'Ann', lines: [], title: 'New', greeting: 'Hello,', words: 'Better.', closing: 'Ann' }

test('kept words are changed as they were read; of others nothing is kept', async () => {
  const { token } = await begin()
  await saveWords(db, anybody, { token, revision: 1, ...changed }, now)
  expect((await own(token)).kept).toMatchObject({ words: 'Better.', title: 'New' })
  await expect(saveWords(db, anybody, { token, revision: 1, ...changed }, now)).rejects.toMatchObject({
    key: 'refusal.stale',
  })
  const other = await begin({ keep: '' })
  await saveWords(db, anybody, { token: other.token, revision: 1, ...changed }, now)
  expect((await own(other.token)).kept).toBeNull()
})

test('erased is erased, and the page that still holds it can bring it back until its day', async () => {
  const { token } = await begin({ email: 'gone@example.org' })
  const taken = await eraseLetter(db, anybody, { token }, now)
  const bare = await own(token)
  expect(bare).toMatchObject({ kept: null, email: null, erased: now })
  expect(bare.deliveries).toMatchObject([{ office: null, address: null, email: null }])
  const all = JSON.stringify(
    await Promise.all([
      db.selectFrom('letters').selectAll().execute(),
      db.selectFrom('deliveries').selectAll().execute(),
    ]),
  )
  expect(all).not.toContain('gone@example.org')
  const [one] = bare.deliveries
  const given = { token, delivery: one?.id ?? '', officeLines: ['Typed after'], officeEmail: null }
  await expect(giveAddress(db, anybody, given, later)).rejects.toMatchObject({ key: 'letters.erased-before' })
  expect(await eraseLetter(db, anybody, { token }, later)).toEqual({ words: null, email: null, offices: [] })
  const back = { token, ...taken }
  await expect(putBack(db, anybody, back, new Date('2028-01-01T00:00:00Z'))).rejects.toMatchObject({
    key: 'letters.too-late',
  })
  for (const at of [later, later]) await putBack(db, anybody, back, at)
  expect(await own(token)).toMatchObject({
    erased: null,
    email: 'gone@example.org',
    kept: { words: typed.words, name: 'Ann Example' },
    deliveries: [{ office: 'The Chair', address: ['The Chair', 'Long House', 'Leeds LS2 2BB'] }],
  })
})

test('what one page holds brings nothing into the letter of another', async () => {
  const [one, two] = [await begin(), await begin()]
  const taken = await eraseLetter(db, anybody, one, now)
  await eraseLetter(db, anybody, two, now)
  await putBack(db, anybody, { ...taken, token: two.token }, now)
  expect((await own(one.token)).deliveries).toMatchObject([{ office: null }])
})

test('the download of own data has the letters and signatures of that e-mail, and of nobody else', async () => {
  await begin({ email: 'mine@example.org', title: 'Mine' })
  await begin({ email: 'theirs@example.org', title: 'Theirs' })
  const { letters, signatures } = await ownLetterData(db, { ...anybody, email: 'mine@example.org' })
  expect([letters, signatures]).toMatchObject([[{ title: 'Mine', words: typed.words }], []])
  expect(await ownLetterData(db, anybody)).toEqual({ letters: [], signatures: [], corrections: [] })
})
