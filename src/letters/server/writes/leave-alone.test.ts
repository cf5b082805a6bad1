import { beforeAll, beforeEach, expect, test } from 'vitest'
import * as v from 'valibot'
import { day } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { pressForm } from '#letters/reply.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { leaveAloneCount, leaveAloneRequests } from '#letters/server/reads/leave-alone.ts'
import { addressHashes } from '#letters/server/reads/do-not-write.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { replyPage } from '#letters/server/reads/reply-page.ts'
import { composeLetter } from '#letters/server/tasks/compose.ts'
import { sealOf } from '#letters/server/codes.ts'
import { refuseLetter } from '#letters/server/writes/confirm.ts'
import { answerLetter, writeAgain } from '#letters/server/writes/answer.ts'
import { decideLeaveAlone } from '#letters/server/writes/leave-alone.ts'
import { confirmWord } from '#letters/server/writes/send.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { writeToAgain } from '#letters/server/writes/promise.ts'
import { testDatabase } from '../../../../test/db.ts'
import { askFor, mailNames, makeLetter, makeOffice, makeQueued } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { somebody } from '../../../../test/viewers.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
const after = (days: number): Date => new Date(now.getTime() + days * day)
beforeAll(() => makeWeek(db))
beforeEach(async () => {
  for (const table of ['rateCounts', 'letters', 'mails', 'doNotWrite', 'doNotWriteRequests'] as const)
    await db.deleteFrom(table).execute()
})

const press = (code: string, over: { press?: string; words?: string; seal?: string | null } = {}) => {
  const { press: pressed = 'do-not-write', words, seal = null } = over
  return answerLetter(db, anybody, { ...v.parse(pressForm, { code, press: pressed, words }), seal }, now)
}
const aloneOn = async (code: string, seal: string | null = null) =>
  (await replyPage(db, { code, seal }, 'en'))?.alone
const waiting = async () => (await leaveAloneRequests(db, theSite, now)).waiting
const decide = (request: string, to: 'accepted' | 'declined' | 'waiting') =>
  decideLeaveAlone(db, theSite, { request, to }, now)
const refused = { key: 'letters.left-alone' }

/** A letter that went from here by mail, with what the address in that mail has besides the code. */
async function mailed() {
  const office = await makeOffice(db)
  const { deliveries } = await makeQueued(db, now, [office.ref])
  const [id = ''] = deliveries
  const mail = await composeLetter(db, id, 'A Bit Extra')
  const [, code = '', seal = ''] = /\/reply\/([A-Z0-9-]{9})\?seal=([0-9a-f]{12})/.exec(mail?.text ?? '') ?? []
  const leave = () =>
    db.transaction().execute(async (trx) => {
      for (const state of ['sending', 'sent'] as const)
        await moveDelivery(trx, id, { state, evidence: 'seen' }, now)
    })
  return { office, id, code, seal, leave }
}

/** A letter on paper, to an office of the directory. */
async function posted() {
  const office = await makeOffice(db)
  const { letter } = await makeLetter(db, now, { offices: office.ref })
  const [one] = letter.deliveries
  const move = { state: 'posted', evidence: 'said', channel: 'post' } as const
  await db.transaction().execute((trx) => moveDelivery(trx, one?.id ?? '', move, now))
  return { office, code: one?.code ?? '' }
}

test('an office that asks from the mail it got is left alone at once, by whatever way, until somebody who may lifts it', async () => {
  const { code, seal, office, leave } = await mailed()
  await leave()
  expect(await replyPage(db, { code, seal }, 'en')).toMatchObject({ sure: true, alone: null })
  await press(code, { seal })
  expect([await aloneOn(code, seal), await waiting()]).toEqual(['counts', []])
  const again = () => makeLetter(db, now, { offices: office.ref })
  await expect(again()).rejects.toMatchObject(refused)
  const byHand = { officeName: 'The Chair', officeEmail: office.email }
  await expect(makeLetter(db, now, byHand)).rejects.toMatchObject(refused)
  // Others that have no address are not taken for it.
  const other = await makeOffice(db)
  await makeLetter(db, now, { offices: other.ref })
  const [row] = (await lettersDesk(db, theSite, now)).leftAlone
  expect(row?.office).toBe('Chair, Leeds Learning Trust')
  expect(JSON.stringify(row)).not.toContain(office.email)
  const lift = { address: row?.address ?? '' }
  await expect(writeToAgain(db, somebody(), lift, now)).rejects.toMatchObject({ kind: 'missing' })
  await writeToAgain(db, theSite, lift, now)
  await again()
})

test('an office that answers something else later still reads that it is left alone, and takes that back from its mail', async () => {
  const { code, seal, leave, office } = await mailed()
  await leave()
  await press(code, { seal })
  await press(code, { press: 'yes', seal })
  expect(await replyPage(db, { code, seal }, 'en')).toMatchObject({ said: { press: 'yes' }, alone: 'counts' })
  // Another office in the same building asked as well, with its own post.
  const other = await makeOffice(db)
  const [building] = addressHashes({ email: 'hall@council.org', address: null })
  await db
    .insertInto('doNotWrite')
    .values({ address: building ?? '', post: other.ref.slice(5), since: now })
    .execute()
  const again = (by: string | null) => writeAgain(db, anybody, { code, seal: by }, now)
  await expect(again(null)).rejects.toMatchObject({ key: 'reply.again.mail' })
  expect(await aloneOn(code)).toBe('counts')
  for (let twice = 0; twice < 2; twice += 1) await again(seal)
  expect(await aloneOn(code, seal)).toBeNull()
  await makeLetter(db, now, { offices: office.ref })
  expect(await db.selectFrom('doNotWrite').select('address').execute()).toEqual([{ address: building }])
  await press(code, { seal })
  await again(seal)
  expect(await aloneOn(code, seal)).toBe('lifted')
})

test('a writer who knows the code of a letter that went from here silences nobody with it', async () => {
  const { code, office, leave } = await mailed()
  await leave()
  expect(await replyPage(db, { code, seal: 'a'.repeat(12) }, 'en')).toMatchObject({ sure: false })
  await press(code)
  expect(await aloneOn(code)).toBe('waiting')
  expect(await waiting()).toMatchObject([{ way: 'from-here', ref: office.ref }])
  await makeLetter(db, now, { offices: office.ref })
})

test('nothing counts at once of a letter that has not left, though its mail could be made', async () => {
  const { code, seal, office } = await mailed()
  await press(code, { seal })
  expect(await aloneOn(code, seal)).toBe('waiting')
  await makeLetter(db, now, { offices: office.ref })
})

test('whoever types an office by hand silences nobody: it waits, and the desk reads whose e-mail that is', async () => {
  const office = await makeOffice(db)
  const { letter } = await makeLetter(db, now, { officeName: 'Any name', officeEmail: office.email })
  const code = letter.deliveries[0]?.code ?? ''
  await press(code)
  await press(code)
  const own = await makeLetter(db, now, { offices: office.ref })
  await askFor(db, own, now)
  expect(await waiting()).toMatchObject([
    { office: '', ref: null, same: 'Chair, Leeds Learning Trust', way: null },
  ])
  expect(JSON.stringify(await waiting())).not.toMatch(/Any name|council\.org/)
  expect([await leaveAloneCount(db, theSite), await leaveAloneCount(db, somebody())]).toEqual([1, 0])
  await expect(leaveAloneRequests(db, somebody(), now)).rejects.toMatchObject({ kind: 'missing' })
})

test('an office that answers a letter on paper waits for a person, who accepts, declines and takes it back', async () => {
  const { code, office } = await posted()
  await press(code)
  const [one] = await waiting()
  expect(one).toMatchObject({ office: 'Chair, Leeds Learning Trust', ref: office.ref, way: 'post' })
  const request = one?.id ?? ''
  const again = () => makeLetter(db, now, { offices: office.ref })
  const asks = decideLeaveAlone(db, somebody(), { request, to: 'accepted' }, now)
  await expect(asks).rejects.toMatchObject({ kind: 'missing' })
  for (let twice = 0; twice < 2; twice += 1) await decide(request, 'accepted')
  await expect(again()).rejects.toMatchObject(refused)
  expect(await aloneOn(code)).toBe('counts')
  expect((await leaveAloneRequests(db, theSite, now)).decided).toMatchObject([{ state: 'accepted' }])
  const already = { key: 'desk.letters.decided.already', params: { state: 'accepted' } }
  await expect(decide(request, 'declined')).rejects.toMatchObject(already)
  expect(await aloneOn(code)).toBe('counts')
  await decide(request, 'waiting')
  await again()
  await decide(request, 'declined')
  expect([await aloneOn(code), await waiting()]).toEqual(['declined', []])
  await press(code)
  expect([await aloneOn(code), await waiting()]).toEqual(['declined', []])
  await again()
  const log = db.selectFrom('auditLog').select('details').where('action', '=', 'letters.alone').orderBy('id')
  expect((await log.execute()).map(({ details }) => details)).toEqual([
    { to: 'accepted' },
    { to: 'waiting' },
    { to: 'declined' },
  ])
  expect((await leaveAloneRequests(db, theSite, after(91))).decided).toEqual([])
})

test('an office with two addresses is in the list once, and lifting it lifts both', async () => {
  const office = await makeOffice(db, { address: 'Civic Hall\nLeeds' })
  const { organisation } = office
  const both = [1, 2].map((at) => ({
    address: String(at).repeat(22),
    organisation,
    post: null,
    since: after(at),
  }))
  const stranger = [3, 4].map((at) => ({ address: String(at).repeat(22), since: now }))
  await db
    .insertInto('doNotWrite')
    .values([...both, ...stranger])
    .execute()
  const list = async () => (await lettersDesk(db, theSite, now)).leftAlone
  expect(await list()).toMatchObject([{ office: 'Leeds Learning Trust' }, { office: '' }])
  for (const { address } of await list()) await writeToAgain(db, theSite, { address }, now)
  expect(await db.selectFrom('doNotWrite').selectAll().execute()).toEqual([])
})

test('another answer takes back what nobody has decided about, and a press from the mail counts after all', async () => {
  const paper = await posted()
  await press(paper.code)
  await press(paper.code, { press: 'not-now' })
  expect([await waiting(), await aloneOn(paper.code)]).toEqual([[], null])
  const { code, seal, leave } = await mailed()
  await leave()
  await press(code)
  expect(await waiting()).toHaveLength(1)
  await press(code, { seal })
  expect([await waiting(), await aloneOn(code)]).toEqual([[], 'counts'])
})

test('an office whose letter somebody says they did not write reads that, and can only ask for no more', async () => {
  const office = await makeOffice(db)
  const other = await makeOffice(db)
  const sent = await makeQueued(db, now, [office.ref])
  const waits = await makeQueued(db, now, [other.ref])
  const codes = await Promise.all(
    [sent, waits].map(async ({ token }) => (await letterBy(db, token))?.deliveries[0]?.code ?? ''),
  )
  const [code = '', unsent = ''] = codes
  await db.transaction().execute(async (trx) => {
    for (const state of ['sending', 'sent'] as const)
      await moveDelivery(trx, sent.deliveries[0] ?? '', { state, evidence: 'seen' }, now)
  })
  expect(await refuseLetter(db, anybody, { word: sent.word }, now)).toEqual({ left: true })
  expect(await refuseLetter(db, anybody, { word: waits.word }, now)).toEqual({ left: false })
  const page = await replyPage(db, { code, seal: sealOf(code) }, 'en')
  expect(page).toMatchObject({ disowned: true, ask: null, sure: true, office: 'Chair, Leeds Learning Trust' })
  expect(JSON.stringify(page)).not.toMatch(/Ann|hums|Long Road|people\.org/)
  await expect(press(code, { press: 'yes', words: 'Dear Ann' })).rejects.toMatchObject({
    key: 'reply.not-me.only',
  })
  await press(code, { words: 'Dear Ann' })
  const kept = await db.selectFrom('letterReplies').select(['kind', 'words']).execute()
  expect(kept).toEqual([{ kind: 'do-not-write', words: null }])
  expect(await replyPage(db, { code: unsent, seal: null }, 'en')).toBeNull()
})

test('letters that wait to leave for an office do not leave once it is left alone, and their writers hear it at once', async () => {
  const { code, leave, office } = await mailed()
  await leave()
  const other = await makeOffice(db)
  const asked = await makeLetter(db, now, { offices: office.ref })
  await askFor(db, asked, now)
  const words = [confirmWord(asked.letter.id, 'ann@people.org')]
  words.push((await makeQueued(db, now, [office.ref, other.ref])).word)
  await press(code)
  const [first] = await waiting()
  const whys = async () => {
    const pages = await Promise.all(words.map((word) => letterToConfirm(db, word, now)))
    return pages.map((one) => one?.offices.map(({ state, why }) => [state, why]).toSorted())
  }
  const goes = ['queued', null]
  expect(await whys()).toEqual([[['confirming', null]], [goes, goes]])
  await decide(first?.id ?? '', 'accepted')
  const off = ['failed', 'asked']
  expect(await whys()).toEqual([[off], [off, goes]])
  expect((await mailNames(db)).filter((name) => name === 'letter-not-sent')).toHaveLength(2)
})
