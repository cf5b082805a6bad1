import { beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { acceptInput, correctionInput } from '#letters/correction.ts'
import { letterForm } from '#letters/letter.ts'
import { allDoors } from '#letters/server/reads/doors.ts'
import { acceptedCorrections, openCorrections, pausesPage } from '#letters/server/reads/directory.ts'
import { officesBy } from '#letters/server/reads/offices.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { beginLetter } from '#letters/server/writes/begin.ts'
import {
  acceptCorrection,
  declineCorrection,
  proposeCorrection,
  sayContact,
} from '#letters/server/writes/corrections.ts'
import { undoCorrection } from '#letters/server/writes/undo-correction.ts'
import { addPause, endPause } from '#letters/server/writes/pauses.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'
import { importing } from '../../../../test/directory.ts'
import { makeWeek } from '../../../../test/make.ts'
import { somebody } from '../../../../test/viewers.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const reviewer: Viewer = { ...somebody('reviewer'), account: null }
const organiser: Viewer = { ...somebody('organiser'), account: null }
const { bringIn, give } = importing(db)
let post = ''
let body = ''

beforeAll(async () => {
  await makeWeek(db)
  await bringIn(
    await give('Council,GSS code,Ward,Name\nLeeds City Council,E08000035,Adel,Sam Lee\n', {
      source: 'c.csv',
    }),
  )
  post = (await db.selectFrom('directoryPosts').select('id').executeTakeFirstOrThrow()).id
  body = (await db.selectFrom('directoryOrganisations').select('id').executeTakeFirstOrThrow()).id
})

const propose = (over: object = {}) =>
  proposeCorrection(
    db,
    anybody,
    v.parse(correctionInput, {
      formKey: crypto.randomUUID(),
      ref: `post:${post}`,
      words: 'Civic Hall\nLeeds',
      evidence: 'https://leeds.example',
      ...over,
    }),
    now,
  )
const accept = (id: string, over: object = {}) =>
  acceptCorrection(
    db,
    reviewer,
    v.parse(acceptInput, { id, outcome: 'address', value: 'Civic Hall\nLeeds', ...over }),
    now,
  )

/** Whoever a letter is for stands above where they are reached. */
const whom = ['Sam Lee', 'Leeds City Council']

test('anybody may say what is wrong; nothing changes until a role accepts it, and then waiting letters go on and their writers are told', async () => {
  const form = v.parse(letterForm, {
    formKey: crypto.randomUUID(),
    offices: `post:${post}`,
    writer: 'self',
    name: 'Sam',
    title: 'Visit us',
    greeting: 'Dear',
    words: 'Come',
    closing: 'Yours',
    language: 'en',
    envelope: 'dl',
    email: 'writer@people.test',
  })
  const { token } = await beginLetter(db, anybody, form, now)
  expect((await letterBy(db, token))?.deliveries[0]?.state).toBe('no-address')
  const { id } = await propose({ email: 'teller@people.test' })
  expect((await openCorrections(db, reviewer, now)).map((one) => [one.office, one.words])).toEqual([
    ['Sam Lee, Adel, Leeds City Council', 'Civic Hall\nLeeds'],
  ])
  expect((await officesBy(db, [`post:${post}`], now))[0]?.address).toBeNull()
  expect(await accept(id)).toEqual({ gone: 1 })
  const [delivery] = (await letterBy(db, token))?.deliveries ?? []
  expect(delivery).toMatchObject({
    state: 'planned',
    channel: 'post',
    address: [...whom, 'Civic Hall', 'Leeds'],
  })
  const mails = await db.selectFrom('mails').select('address').where('name', '=', 'letter-address').execute()
  expect(mails).toEqual([{ address: 'writer@people.test' }])
  const contact = await db.selectFrom('directoryContacts').selectAll().executeTakeFirstOrThrow()
  expect(contact).toMatchObject({
    post,
    source: 'https://leeds.example',
    state: 'working',
    confirmed: '2027-10-19',
  })
  const said = await db
    .selectFrom('directoryCorrections')
    .select(['email', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
  expect(said).toEqual({ email: null, state: 'accepted' })
  await expect(accept(id)).rejects.toMatchObject({ key: 'directory.decided' })
})

test('a second correction replaces the address it is about, and an import of the same file leaves it alone', async () => {
  const first = await db.selectFrom('directoryContacts').select('id').executeTakeFirstOrThrow()
  const { id } = await propose({ words: 'Town Hall', contact: first.id })
  const [waiting] = await openCorrections(db, reviewer, now)
  expect([waiting?.contact, waiting?.contacts.map((one) => one.value)]).toEqual([
    first.id,
    ['Civic Hall\nLeeds'],
  ])
  await accept(id, { value: 'Town Hall\nLeeds', contact: first.id })
  const states = await db
    .selectFrom('directoryContacts')
    .select(['value', 'state'])
    .orderBy('state')
    .execute()
  expect(states.map((one) => one.state)).toEqual(['replaced', 'working'])
  await bringIn(
    await give('Council,GSS code,Ward,Name\nLeeds City Council,E08000035,Adel,Sam Lee\n', {
      source: 'c.csv',
    }),
  )
  expect((await officesBy(db, [`post:${post}`], now))[0]?.address).toEqual([...whom, 'Town Hall', 'Leeds'])
})

const contacts = async () =>
  (
    await db
      .selectFrom('directoryContacts')
      .select(['type', 'value', 'state', 'source'])
      .where('state', '<>', 'replaced')
      .orderBy('type')
      .orderBy('value')
      .execute()
  ).map((one) => [one.type, one.value, one.state, one.source])

test('of several addresses only the one it is about is changed, and taking it back restores that one', async () => {
  await accept((await propose()).id, { value: 'Back Door', source: 'https://leeds.example/door' })
  // How somebody knows it is for whoever decides; only an address is where it is written.
  const told = await propose({ evidence: 'I rang them, on +44 113 000' })
  await accept(told.id, { outcome: 'email', value: 'hall@leeds.example', source: '' })
  const before = await contacts()
  expect(before.map((one) => one[3])).toEqual(['https://leeds.example/door', 'https://leeds.example', null])
  expect(before.map(([, value]) => value)).toEqual(['Back Door', 'Town Hall\nLeeds', 'hall@leeds.example'])
  const door = await db
    .selectFrom('directoryContacts')
    .select('id')
    .where('value', '=', 'Back Door')
    .executeTakeFirstOrThrow()
  const { id } = await propose({ contact: door.id })
  const side = { value: 'Side Door', contact: door.id, source: '' }
  await expect(accept(id, { ...side, outcome: 'voice' })).rejects.toMatchObject({ field: 'contact' })
  await accept(id, side)
  expect(await contacts()).toEqual([
    ['address', 'Side Door', 'working', 'https://leeds.example'],
    ...before.slice(1),
  ])
  expect((await acceptedCorrections(db, reviewer, now)).map((one) => one.id)).toContain(id)
  await undoCorrection(db, reviewer, { id }, now)
  expect((await contacts()).filter(([, , state]) => state !== 'withdrawn')).toEqual(before)
  await expect(undoCorrection(db, reviewer, { id }, now)).rejects.toMatchObject({ key: 'directory.undo-not' })
  await expect(propose({ contact: crypto.randomUUID() })).rejects.toMatchObject({ field: 'contact' })
  // The rest of the tests knows the Town Hall alone.
  await db.deleteFrom('directoryContacts').where('value', 'in', ['Back Door', 'hall@leeds.example']).execute()
})

test('what was said of it since is not taken back over, and nobody without a role takes anything back', async () => {
  const { id } = await propose()
  await accept(id, { outcome: 'voice', value: '0113 496 0000' })
  const made = await db
    .selectFrom('directoryContacts')
    .select('id')
    .where('key', '=', `correction:${id}`)
    .executeTakeFirstOrThrow()
  await expect(undoCorrection(db, somebody(), { id }, now)).rejects.toMatchObject({ kind: 'forbidden' })
  await sayContact(db, reviewer, { id: made.id, ref: `post:${post}`, state: 'broken' }, now)
  await expect(undoCorrection(db, reviewer, { id }, now)).rejects.toMatchObject({
    key: 'directory.undo-later',
  })
  await db.deleteFrom('directoryContacts').where('id', '=', made.id).execute()
})

test('a declined one changes nothing, and who has left is not written to any more', async () => {
  const declined = await propose({ words: 'Wrong' })
  await declineCorrection(db, reviewer, declined, now)
  expect((await officesBy(db, [`post:${post}`], now))[0]?.name).toBe('Sam Lee')
  const left = await propose({ words: 'They have left' })
  await accept(left.id, { outcome: 'left', value: '' })
  const label = async () => (await officesBy(db, [`post:${post}`], now))[0]?.label
  expect(await label()).toBe('Adel, Leeds City Council')
  await undoCorrection(db, reviewer, left, now)
  expect(await label()).toBe('Sam Lee, Adel, Leeds City Council')
})

test('an e-mail that is none is refused at its field, and so is nothing at all', async () => {
  const { id } = await propose()
  await expect(accept(id, { outcome: 'email', value: 'no address' })).rejects.toMatchObject({
    field: 'value',
  })
  expect(v.safeParse(acceptInput, { id, outcome: 'address', value: '' }).success).toBe(false)
  await accept(id, { outcome: 'noted', value: '' })
})

test('pressed twice it is kept once; an office that is not there has no corrections', async () => {
  const formKey = crypto.randomUUID()
  expect(await propose({ formKey })).toEqual(await propose({ formKey }))
  await expect(propose({ ref: 'post:00000000-0000-0000-0000-000000000000' })).rejects.toMatchObject({
    kind: 'missing',
  })
})

test('what was seen of an address is said by a role, step by step, with the day', async () => {
  const contact = await db
    .selectFrom('directoryContacts')
    .select('id')
    .where('state', '=', 'working')
    .executeTakeFirstOrThrow()
  const say = (state: 'working' | 'doubtful' | 'broken' | 'replaced', viewer = reviewer) =>
    sayContact(db, viewer, { id: contact.id, ref: `post:${post}`, state }, new Date('2027-10-20T10:00:00Z'))
  await say('doubtful')
  await say('broken')
  expect((await officesBy(db, [`post:${post}`], now))[0]?.address).toBeNull()
  await say('working')
  const [office] = await officesBy(db, [`post:${post}`], now)
  expect([office?.address, office?.confirmed]).toEqual([[...whom, 'Town Hall', 'Leeds'], '2027-10-20'])
  await expect(say('broken', somebody())).rejects.toMatchObject({ kind: 'forbidden' })
  await say('replaced')
  await expect(say('working')).rejects.toMatchObject({ key: 'directory.contact-step' })
})

test('a pause says until when nobody answers, once, and can be taken back', async () => {
  const pause = { organisation: body, from: '2027-10-01', to: '2027-10-31', reason: 'recess' } as const
  await addPause(db, organiser, pause, now)
  await addPause(db, organiser, pause, now)
  expect((await officesBy(db, [`post:${post}`], now))[0]?.pausedUntil).toBe('2027-10-31')
  const { pauses, bodies } = await pausesPage(db, organiser, 'leeds', now)
  expect([pauses.length, bodies.map((one) => one.name)]).toEqual([1, ['Leeds City Council']])
  await endPause(db, organiser, { id: pauses[0]?.id ?? '' }, now)
  expect((await officesBy(db, [`post:${post}`], now))[0]?.pausedUntil).toBeNull()
  await expect(addPause(db, reviewer, pause, now)).rejects.toMatchObject({ kind: 'forbidden' })
})

test('only roles see what waits and what is kept', async () => {
  for (const viewer of [anybody, somebody(), somebody('group-lead')]) {
    await expect(openCorrections(db, viewer, now)).rejects.toMatchObject({ kind: 'missing' })
    await expect(allDoors(db, viewer, 'en')).rejects.toMatchObject({ kind: 'missing' })
    await expect(pausesPage(db, viewer, '', now)).rejects.toMatchObject({ kind: 'missing' })
    const { id } = await propose()
    await expect(declineCorrection(db, viewer, { id }, now)).rejects.toMatchObject({ kind: 'forbidden' })
  }
})
