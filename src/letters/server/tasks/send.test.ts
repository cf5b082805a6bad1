import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { day, hour, minute } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { boxOf } from '#letters/server/codes.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { sendLetter } from '#letters/server/tasks/send.ts'
import { addressHashes } from '#letters/server/reads/do-not-write.ts'
import { bringForward } from '#letters/server/writes/pause-turns.ts'
import { confirmLetter } from '#letters/server/writes/confirm.ts'
import { confirmWord } from '#letters/server/writes/send.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import { eraseLetter, putBack, saveWords } from '#letters/server/writes/words.ts'
import { sayItWent, sendOnceMore } from '#letters/server/writes/uncertain.ts'
import { readConfig } from '#platform/server/config.ts'
import { connect } from '#platform/server/db.ts'
import { openPostbox } from '#platform/server/postbox.ts'
import { testDatabase } from '../../../../test/db.ts'
import { askFor, mailNames, makeLetter, makeOffice, makeQueued, stateOf } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { openMailServer } from '../../../../test/smtp.ts'
import { somebody } from '../../../../test/viewers.ts'

const db = await testDatabase()
const server = await openMailServer()
const dataDir = mkdtempSync(join(tmpdir(), 'abe-letters-'))
const now = new Date('2027-10-19T10:00:00Z')
const after = (length: number): Date => new Date(now.getTime() + length)
const config = { ...readConfig(), siteUrl: 'https://week.people.org', dataDir }
const named = async (): Promise<string> => 'A Bit Extra'
const send = sendLetter(openPostbox({ ...config, smtpUrl: server.url }), named)
beforeAll(() => makeWeek(db))
afterAll(async () => {
  await server.close()
  rmSync(dataDir, { recursive: true })
})
beforeEach(async () => {
  Object.assign(server, { refuses: {}, callers: 0 })
  server.taken.length = 0
  server.letters.length = 0
  await db.deleteFrom('rateCounts').execute()
  await db.deleteFrom('letters').execute()
  await db.deleteFrom('mails').execute()
  await db.deleteFrom('doNotWrite').execute()
})

async function queued() {
  const office = await makeOffice(db)
  const made = await makeQueued(db, now, [office.ref])
  return { ...made, office, delivery: made.deliveries[0] ?? '' }
}
const noted = async (delivery: string): Promise<string | null | undefined> =>
  (
    await db
      .selectFrom('deliveryEvents')
      .select('note')
      .where('delivery', '=', delivery)
      .orderBy('id', 'desc')
      .executeTakeFirst()
  )?.note

describe('a letter from here', () => {
  test('leaves as it was confirmed while another office is asked for with the same words', async () => {
    const [one, two] = [await makeOffice(db), await makeOffice(db)]
    const made = await makeLetter(db, now, { offices: [one.ref, two.ref] })
    const [first = '', second = ''] = made.letter.deliveries.map(({ id }) => id)
    await askFor(db, made, now, { delivery: first })
    const word = confirmWord(made.letter.id, 'ann@people.org')
    const read = await letterToConfirm(db, word, now)
    await confirmLetter(db, anybody, { word, revision: read?.revision ?? 0 }, now)
    await askFor(db, made, now, { delivery: second })
    await send(db, { id: first }, now)
    await send(db, { id: second }, now)
    expect(server.taken).toEqual([one.email])
    expect(await stateOf(db, second)).toBe('confirming')
  })

  test('says what its writer confirmed and nothing else: its words stand once it has its turn', async () => {
    const { delivery, token } = await queued()
    const kept = await letterBy(db, token)
    if (!kept?.kept) throw new Error('its words are not kept')
    const other = { ...kept.kept, words: 'Send money to somebody else.' }
    await expect(
      saveWords(db, anybody, { token, revision: kept.revision, ...other }, now),
    ).rejects.toMatchObject({ key: 'letters.send.under-way' })
    const taken = await eraseLetter(db, anybody, { token }, now)
    await putBack(db, anybody, { ...taken, token, words: other }, now)
    await send(db, { id: delivery }, now)
    expect(server.taken).toEqual([])
    expect(await stateOf(db, delivery), 'with its words its turn was called off').toBe('planned')
  })

  test('says to each office what was confirmed for it: other words, confirmed for another, do not go to the first', async () => {
    const [one, two] = [await makeOffice(db), await makeOffice(db)]
    const made = await makeLetter(db, now, { offices: [one.ref, two.ref] })
    const [first = '', second = ''] = made.letter.deliveries.map(({ id }) => id)
    const word = confirmWord(made.letter.id, 'ann@people.org')
    const confirm = async () => {
      const read = await letterToConfirm(db, word, now)
      await confirmLetter(db, anybody, { word, revision: read?.revision ?? 0 }, now)
    }
    await askFor(db, made, now, { delivery: first })
    await confirm()
    await send(db, { id: first }, now)
    await askFor(db, made, now, { delivery: second, words: 'He sings now.' })
    await confirm()
    await db.transaction().execute((trx) => returnDelivery(trx, first, { status: '4.2.2' }, now))
    for (const id of [first, second]) await send(db, { id }, after(3 * hour))
    expect(server.taken).toEqual([one.email, two.email])
    expect([await stateOf(db, first), await noted(first)]).toEqual(['failed', 'gone'])
  })

  test('reads as one person’s letter, comes from an address of its own, and is answered to its writer', async () => {
    const { delivery, office } = await queued()
    await send(db, { id: delivery }, now)
    expect(server.taken).toEqual([office.email])
    const read = await simpleParser(server.letters[0] ?? '')
    const { code } = await db.selectFrom('deliveries').select('code').executeTakeFirstOrThrow()
    expect(read.from?.value).toEqual([
      { name: 'Ann Example via A Bit Extra', address: `${boxOf(code, 1)}@week.people.org` },
    ])
    expect(read.replyTo?.value[0]?.address).toBe('ann@people.org')
    expect(read.subject).toBe('Come and see it')
    expect(read.text).toMatch(
      /^Dear Chair,\n\nHe hums when he is happy.\n\nYours sincerely,\n\nAnn Example\n1 Long/,
    )
    expect(read.text).toContain(`/reply/${code}`)
    expect(read.headers.get('auto-submitted')).toBe('no')
    expect(read.headers.has('list-unsubscribe')).toBe(false)
    expect(await stateOf(db, delivery)).toBe('sent')
  })

  test('is sent once, by however many workers and however often its job runs', async () => {
    const { delivery } = await queued()
    const other = connect(db.url, 3)
    await Promise.all([
      send(db, { id: delivery }, now),
      send(other, { id: delivery }, now),
      send(db, { id: delivery }, now),
    ])
    await send(other, { id: delivery }, after(hour))
    await other.destroy()
    expect(server.taken).toHaveLength(1)
  })

  test('that was in hand when its worker died is not sent again: its writer decides', async () => {
    const { delivery, token } = await queued()
    await db.updateTable('deliveries').set({ state: 'sending' }).where('id', '=', delivery).execute()
    await send(db, { id: delivery }, after(minute))
    await send(db, { id: delivery }, after(2 * minute))
    expect(server.callers).toBe(0)
    expect(await stateOf(db, delivery)).toBe('uncertain')
    expect(await mailNames(db)).toEqual(['letter-confirm', 'letter-uncertain'])
    await expect(sayItWent(db, anybody, { token: 'forged', delivery }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    await expect(sendOnceMore(db, somebody(), { token: null, delivery }, now)).rejects.toMatchObject({
      kind: 'missing',
    })
    await sendOnceMore(db, anybody, { token, delivery }, after(hour))
    await send(db, { id: delivery }, after(hour))
    await send(db, { id: delivery }, after(hour))
    expect([server.taken.length, await stateOf(db, delivery)]).toEqual([1, 'sent'])
  })

  test('of which the server fell silent after it had it all is in doubt, not repeated', async () => {
    const { delivery, token } = await queued()
    const silent = sendLetter(async () => {
      throw Object.assign(new Error('Timeout'), { code: 'ETIMEDOUT', command: 'CONN' })
    }, named)
    await silent(db, { id: delivery }, now)
    expect(await stateOf(db, delivery)).toBe('uncertain')
    const taken = await eraseLetter(db, anybody, { token }, now)
    expect((await lettersDesk(db, theSite, now)).uncertain, 'nobody can send it again').toEqual([])
    await putBack(db, anybody, { ...taken, token }, now)
    expect((await lettersDesk(db, theSite, now)).uncertain).toHaveLength(1)
    await sayItWent(db, theSite, { token: null, delivery }, now)
    expect(await stateOf(db, delivery)).toBe('sent')
  })

  test('that the server does not take for now goes two hours later', async () => {
    const { delivery } = await queued()
    server.refuses = { address: 451 }
    await send(db, { id: delivery }, now)
    server.refuses = {}
    await send(db, { id: delivery }, after(hour))
    expect(server.taken).toHaveLength(0)
    await send(db, { id: delivery }, after(2 * hour))
    expect([server.taken.length, await stateOf(db, delivery)]).toEqual([1, 'sent'])
  })

  test('goes once more in the hours of its office, and no sooner because a pause ends', async () => {
    const { delivery, office } = await queued()
    const due = async () => (await db.selectFrom('deliveries').select('due').executeTakeFirst())?.due
    const [five, morning] = [after(6 * hour), new Date('2027-10-20T07:00:00Z')]
    server.refuses = { address: 451 }
    // Refused at five in the afternoon; they read their mail until six.
    await send(db, { id: delivery }, five)
    expect(await due()).toEqual(morning)
    await db.updateTable('deliveries').set('due', after(day)).execute()
    await db.transaction().execute((trx) => bringForward(trx, office.organisation, five))
    expect(await due()).toEqual(morning)
    server.refuses = {}
    await db.updateTable('deliveries').set('due', five).execute()
    await send(db, { id: delivery }, five)
    await db.transaction().execute((trx) => returnDelivery(trx, delivery, { status: '4.2.2' }, five))
    expect(await due()).toEqual(morning)
  })

  test('that the server does not take for seven days ends, and its writer is told why', async () => {
    const { delivery } = await queued()
    server.refuses = { address: 451 }
    await send(db, { id: delivery }, now)
    await db.updateTable('deliveries').set({ due: now }).where('id', '=', delivery).execute()
    await send(db, { id: delivery }, after(7 * day - hour))
    expect([await stateOf(db, delivery), await noted(delivery)]).toEqual(['failed', 'server'])
    expect(await mailNames(db)).toContain('letter-not-sent')
  })

  test('to an address that is not there has come back, and the address counts as broken', async () => {
    const { delivery, office } = await queued()
    server.refuses = { address: 550 }
    await send(db, { id: delivery }, now)
    expect(await stateOf(db, delivery)).toBe('bounced')
    const contact = await db
      .selectFrom('directoryContacts')
      .select('state')
      .where('value', '=', office.email)
      .executeTakeFirstOrThrow()
    expect(contact.state).toBe('broken')
    expect(await mailNames(db)).toContain('letter-returned')
  })

  test('to an office that has meanwhile asked not to be written to stays, and its writer is told', async () => {
    const { delivery, office } = await queued()
    const [address = ''] = addressHashes({ email: office.email, address: null })
    await db.insertInto('doNotWrite').values({ address }).execute()
    await send(db, { id: delivery }, now)
    expect([server.callers, await stateOf(db, delivery), await noted(delivery)]).toEqual([
      0,
      'failed',
      'asked',
    ])
    expect(await mailNames(db)).toContain('letter-not-sent')
  })

  test('of an example, and to somebody of an example, is never sent', async () => {
    const { delivery } = await queued()
    await db.updateTable('letters').set({ example: true }).execute()
    await send(db, { id: delivery }, now)
    expect([server.callers, await noted(delivery)]).toEqual([0, 'example'])
    const office = await makeOffice(db, { email: 'chair@trust.example' })
    const made = await makeQueued(db, now, [office.ref])
    await send(db, { id: made.deliveries[0] ?? '' }, now)
    expect([server.callers, await stateOf(db, made.deliveries[0] ?? '')]).toEqual([0, 'failed'])
  })

  test('does not leave at night, though its job comes late', async () => {
    const { delivery } = await queued()
    await send(db, { id: delivery }, new Date('2027-10-19T20:00:00Z'))
    expect(server.callers).toBe(0)
    await send(db, { id: delivery }, new Date('2027-10-20T07:00:00Z'))
    expect(server.taken).toHaveLength(1)
  })

  test('lies in the outbox where there is no mail server', async () => {
    const { delivery } = await queued()
    await sendLetter(openPostbox({ ...config, smtpUrl: null }), named)(db, { id: delivery }, now)
    expect(readdirSync(join(dataDir, 'outbox'))).toEqual([`${delivery}.eml`])
    expect(await stateOf(db, delivery)).toBe('sent')
  })

  test('counts as arrived after two days in which it did not come back; one forgotten in hand is looked at', async () => {
    const { delivery } = await queued()
    await send(db, { id: delivery }, now)
    await followLetters(db, {}, after(47 * hour))
    expect(await stateOf(db, delivery)).toBe('sent')
    await followLetters(db, {}, after(48 * hour))
    expect(await stateOf(db, delivery)).toBe('assumed')
    const { delivery: lost } = await queued()
    await db
      .updateTable('deliveries')
      .set({ state: 'sending', changed: now })
      .where('id', '=', lost)
      .execute()
    await followLetters(db, {}, after(11 * minute))
    const { rows } = await sql<{ key: string }>`select key from graphile_worker.jobs`.execute(db)
    expect(rows.map(({ key }) => key)).toContain(`letter:${lost}`)
  })
})
