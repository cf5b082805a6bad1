import { beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { textIn } from '#kernel/messages.ts'
import { letterForm, whoWrote } from '#letters/letter.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeWeek } from '../../../../test/make.ts'
import { addressHashes } from '#letters/server/reads/do-not-write.ts'
import { beginLetter } from './begin.ts'
import { moveDelivery } from './move.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
beforeAll(() => makeWeek(db))

const typed = {
  officeName: 'The Chair',
  officeLines: 'Long House\n2 High Street\nLeeds LS2 2BB',
  ask: '',
  writer: 'self',
  name: 'Ann Example',
  lines: '1 Long Road\nLeeds LS1 1AA',
  title: 'Come and see it',
  greeting: 'Dear Chair,',
  words: 'He hums when he is happy.',
  closing: 'Yours sincerely,',
  language: 'en',
  envelope: 'dl',
}
const form = (over: Record<string, string> = {}) => v.parse(letterForm, { ...typed, ...over })
const issues = (over: Record<string, string>) => {
  const read = v.safeParse(letterForm, { ...typed, ...over })
  return (read.issues ?? []).map((one) => [one.path?.[0]?.key, one.message])
}
const begin = async (over: Record<string, string> = {}) => {
  const { token } = await beginLetter(db, anybody, form(over), now)
  const letter = await letterBy(db, token)
  if (!letter) throw new Error('no letter')
  return { token, letter }
}

test('a hall full of people begins letters over one connection; too many are told when to come back', async () => {
  const from = 'hall'
  const press = () => beginLetter(db, anybody, { ...form(), from }, now)
  await press()
  await db.updateTable('rateCounts').set({ count: 119 }).where('name', 'like', 'letter-from:%').execute()
  await press()
  const params = { minutes: 60 }
  await expect(press()).rejects.toMatchObject({ kind: 'too-often', key: 'letters.too-often-here', params })
})

async function makePost(over: { address?: string; email?: string; ended?: string } = {}): Promise<string> {
  const key = `test:${crypto.randomUUID()}`
  const organisation = await db
    .insertInto('directoryOrganisations')
    .values({ key, name: 'Leeds Learning Trust', classification: 'trust', country: 'GB' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const post = await db
    .insertInto('directoryPosts')
    .values({ key, organisation: organisation.id, label: 'Chair', ended: over.ended ?? null })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const type of ['address', 'email'] as const) {
    const value = over[type]
    if (value !== undefined)
      await db
        .insertInto('directoryContacts')
        .values({ key: `${key} ${type}`, post: post.id, type, value })
        .execute()
  }
  return `post:${post.id}`
}

test('the words of a letter stay with their writer unless they are asked to be kept', async () => {
  const { letter } = await begin()
  expect(letter.kept).toBeNull()
  expect(letter.deliveries).toMatchObject([{ office: 'The Chair', channel: 'post', state: 'planned' }])
  const { rows } = await begin({ keep: 'yes' }).then(({ letter: kept }) => ({ rows: kept.kept }))
  expect(rows).toMatchObject({
    words: typed.words,
    name: 'Ann Example',
    lines: ['1 Long Road', 'Leeds LS1 1AA'],
  })
})

test('an office of the directory is written to where it is reached, and waits when it is not', async () => {
  const [reached, mailed, nowhere] = await Promise.all([
    makePost({ address: 'The Chair\nLong House\nLeeds', email: 'Chair@trust.example' }),
    makePost({ email: 'chair@trust.example' }),
    makePost(),
  ])
  const { letter } = await begin({ offices: reached, officeName: '', officeLines: '' })
  expect(letter.deliveries).toMatchObject([
    {
      channel: 'post',
      address: ['The Chair', 'Leeds Learning Trust', 'Long House', 'Leeds'],
      email: 'chair@trust.example',
    },
  ])
  const { letter: two } = await begin({ offices: mailed, officeName: '', officeLines: '' })
  expect(two.deliveries).toMatchObject([{ channel: 'own-mail', state: 'planned' }])
  const { letter: waits } = await begin({ offices: nowhere, officeName: '', officeLines: '' })
  expect(waits.deliveries).toMatchObject([{ state: 'no-address' }])
})

test('pressed twice it is one letter, and one mail', async () => {
  const over = { formKey: 'one-press', email: 'ann@example.org' }
  const [first, second] = await Promise.all([begin(over), begin(over)])
  expect(second.token).toBe(first.token)
  const mails = await db.selectFrom('mails').select('id').where('name', '=', 'letter-link').execute()
  expect(mails).toHaveLength(1)
})

test('an office that has gone, or that asked not to be written to, is said at its place', async () => {
  const gone = await makePost({ ended: '2020-01-01' })
  await expect(begin({ offices: gone, officeName: '', officeLines: '' })).rejects.toMatchObject({
    key: 'letters.office-gone',
    field: 'offices',
  })
  const [address = ''] = addressHashes({ email: 'no@trust.example', address: null })
  await db.insertInto('doNotWrite').values({ address, reason: null }).execute()
  const asked = await makePost({ email: 'NO@trust.example' })
  await expect(begin({ offices: asked, officeName: '', officeLines: '' })).rejects.toMatchObject({
    key: 'letters.left-alone',
  })
})

test('mistakes stand at their fields', () => {
  expect(issues({ officeName: '' })).toEqual([['officeName', 'letters.whom']])
  expect(issues({ aboutAnother: 'yes' })).toEqual([['lookedOver', 'letters.look-over']])
  expect(issues({ writer: 'on-behalf' }), 'or for whom it is').toEqual([['lookedOver', 'letters.look-over']])
  expect(issues({ writer: 'joint' })).toEqual([['keep', 'letters.joint-keeps']])
  expect(issues({ offices: 'post:1; drop table letters' })).toEqual([['offices', 'input.choose']])
  expect(issues({ officeLines: 'a\n'.repeat(9) })).toEqual([['officeLines', 'letters.address-lines']])
})

test('the first that leaves releases the letter, and its days are counted from then', async () => {
  const { letter, token } = await begin()
  const [delivery] = letter.deliveries
  const later = new Date('2027-10-21T10:00:00Z')
  const move = (state: 'made' | 'posted' | 'sent') =>
    db
      .transaction()
      .execute((trx) => moveDelivery(trx, delivery?.id ?? '', { state, evidence: 'said' }, later))
  await move('made')
  expect((await letterBy(db, token))?.released).toBeNull()
  await move('posted')
  await move('posted')
  const left = await letterBy(db, token)
  expect(left?.released).toEqual(later)
  expect(left?.erase).toEqual(new Date('2027-11-18T10:00:00Z'))
  await expect(move('sent')).rejects.toMatchObject({ key: 'letters.cannot-follow' })
  const events = await db
    .selectFrom('deliveryEvents')
    .select('state')
    .where('delivery', '=', delivery?.id ?? '')
    .orderBy('id')
    .execute()
  expect(events.map((event) => event.state)).toEqual(['planned', 'made', 'posted'])
})

test.each([
  ['self', [], 'wrote it themselves', 'One person wrote this letter and', 'for the person who signed.'],
  ['with-support', [], 'had support to write it', 'with support', 'had support to write it'],
  [
    'on-behalf',
    [],
    'on behalf of somebody else',
    'on behalf of another person',
    'on behalf of another person',
  ],
  [
    'joint',
    [],
    'One person wrote and signed this letter',
    'One person wrote this letter and',
    'for the person who',
  ],
  [
    'joint',
    ['Sam', 'Jo'],
    '3 people signed this letter together',
    '3 people signed',
    'for the 3 people who signed',
  ],
] as const)('what is printed and mailed of a letter written %s (and signed by %j) is true', (...of) => {
  const [writer, signatures, onPaper, inMail, inFoot] = of
  const text = textIn('en')
  const wrote = whoWrote({ writer, signatures })
  expect(text('letters.who-runs', { site: 'Here', organiser: '', named: 'no', ...wrote })).toContain(onPaper)
  expect(text('letters.mail.comment', wrote)).toContain(inMail)
  const foot = text('letters.mail.foot', { ...wrote, code: '', link: '', siteName: 'Here' })
  expect(foot).toContain(inFoot)
})
