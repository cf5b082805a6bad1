import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { day, hour, minute } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { pressForm } from '#letters/reply.ts'
import { boxOf } from '#letters/server/codes.ts'
import { keptMailCount, lettersDesk } from '#letters/server/reads/desk.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { readReturned } from '#letters/server/tasks/mailbox.ts'
import { sendLetter } from '#letters/server/tasks/send.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { dealWithMail } from '#letters/server/writes/kept-mails.ts'
import { readConfig } from '#platform/server/config.ts'
import { openPostbox } from '#platform/server/postbox.ts'
import { testDatabase } from '../../../../test/db.ts'
import { openImapServer } from '../../../../test/imap.ts'
import { deliveryReport, mailNames, makeOffice, makeQueued, stateOf } from '../../../../test/letters.ts'
import { makeWeek } from '../../../../test/make.ts'
import { openMailServer } from '../../../../test/smtp.ts'

const db = await testDatabase()
const server = await openMailServer()
const mailbox = await openImapServer()
const now = new Date('2027-10-19T10:00:00Z')
const after = (length: number): Date => new Date(now.getTime() + length)
const config = { ...readConfig(), siteUrl: 'https://week.people.org', smtpUrl: server.url }
const send = sendLetter(openPostbox(config), async () => 'A Bit Extra')
const read = readReturned({ imapUrl: mailbox.url })
beforeAll(() => makeWeek(db))
afterAll(async () => {
  await server.close()
  await mailbox.close()
})
beforeEach(async () => {
  mailbox.mails.length = 0
  server.letters.length = 0
  for (const table of ['rateCounts', 'letters', 'mails', 'keptMails', 'auditLog'] as const)
    await db.deleteFrom(table).execute()
})

const toOf = (code: string, sending: number): string => `${boxOf(code, sending)}@week.people.org`

async function sent() {
  const office = await makeOffice(db)
  const { deliveries, token } = await makeQueued(db, now, [office.ref])
  const [delivery = ''] = deliveries
  await send(db, { id: delivery }, now)
  const { code } = await db
    .selectFrom('deliveries')
    .select('code')
    .where('id', '=', delivery)
    .executeTakeFirstOrThrow()
  return { delivery, token, office, code, to: toOf(code, 1), again: toOf(code, 2) }
}

const report = (to: string, action: string, status: string): string =>
  deliveryReport({ to, action, status, letter: server.letters.at(-1) ?? '' })
const written = (to: string, ...head: string[]): string =>
  [
    'From: clerk@council.org',
    `To: ${to}`,
    'Subject: Re: Come and see it',
    ...head,
    '',
    'Thank you.',
    '',
  ].join('\n')
const contactState = async (email: string): Promise<string> =>
  (
    await db
      .selectFrom('directoryContacts')
      .select('state')
      .where('value', '=', email)
      .executeTakeFirstOrThrow()
  ).state

describe('what comes back', () => {
  test('for good marks the delivery and the address, tells the writer once, and is deleted', async () => {
    const { delivery, office, to } = await sent()
    mailbox.put(report(to, 'failed', '5.1.1'))
    mailbox.put(report(to, 'failed', '5.1.1'))
    await read(db, {}, after(hour))
    expect(await stateOf(db, delivery)).toBe('bounced')
    expect(await contactState(office.email)).toBe('broken')
    expect((await mailNames(db)).filter((name) => name === 'letter-returned')).toHaveLength(1)
    expect(mailbox.mails).toEqual([])
  })

  test('because the letter was not wanted makes the address doubtful, not broken', async () => {
    const { delivery, office, to } = await sent()
    mailbox.put(report(to, 'failed', '5.7.1'))
    await read(db, {}, after(hour))
    expect([await stateOf(db, delivery), await contactState(office.email)]).toEqual(['bounced', 'doubtful'])
  })

  test('after it counted as arrived is believed all the same', async () => {
    const { delivery, to } = await sent()
    await db.updateTable('deliveries').set({ state: 'assumed' }).where('id', '=', delivery).execute()
    mailbox.put(report(to, 'failed', '5.1.1'))
    await read(db, {}, after(3 * day))
    expect(await stateOf(db, delivery)).toBe('bounced')
  })

  test('for now goes again, whatever still comes of the first sending, and after seven days is given up', async () => {
    const { delivery, to, again } = await sent()
    mailbox.put(report(to, 'failed', '4.2.2'))
    await read(db, {}, after(hour))
    expect(await stateOf(db, delivery)).toBe('bounced-soft')
    await send(db, { id: delivery }, after(2 * hour))
    expect(server.letters).toHaveLength(1)
    await send(db, { id: delivery }, after(3 * hour))
    expect([server.letters.length, await stateOf(db, delivery)]).toEqual([2, 'sent'])
    for (const status of ['4.2.2', '5.1.1']) mailbox.put(report(to, 'failed', status))
    mailbox.put(report(to, 'delayed', '4.4.1'))
    await read(db, {}, after(4 * hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['sent', 0])
    mailbox.put(report(again, 'failed', '4.2.2'))
    await read(db, {}, after(7 * day))
    expect(await stateOf(db, delivery)).toBe('bounced')
  })

  test('only to say that it is late is written down: sent once more it would arrive twice, and it has not arrived yet', async () => {
    const { delivery, token, to } = await sent()
    mailbox.put(report(to, 'delayed', '4.4.1'))
    mailbox.put(report(to, 'delayed', '4.4.7 (queue)'))
    await read(db, {}, after(hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['sent', 0])
    expect((await letterBy(db, token))?.deliveries[0]?.late).toEqual(after(hour))
    await followLetters(db, {}, after(3 * day))
    expect(await stateOf(db, delivery)).toBe('sent')
    mailbox.put(report(to, 'failed', '4.4.7'))
    await read(db, {}, after(5 * day))
    expect((await letterBy(db, token))?.deliveries[0]).toMatchObject({ state: 'bounced-soft', late: null })
  })

  test('late, and never again, has arrived after seven days; of what nobody was sure it says that it left', async () => {
    const { delivery, to } = await sent()
    await db
      .updateTable('deliveries')
      .set({ state: 'uncertain', leftUs: null })
      .where('id', '=', delivery)
      .execute()
    mailbox.put(report(to, 'delayed', '4.4.1'))
    await read(db, {}, after(hour))
    expect(await stateOf(db, delivery)).toBe('sent')
    await followLetters(db, {}, after(8 * day))
    expect(await stateOf(db, delivery)).toBe('assumed')
  })

  test('with a status that nobody knows is a letter that did not arrive', async () => {
    const { delivery, to } = await sent()
    mailbox.put(report(to, 'failed', '5.x.x'))
    await read(db, {}, after(hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['bounced', 0])
  })

  test('as a report that says nothing of how it went is kept for a person, and one that it went well is not', async () => {
    const { delivery, to } = await sent()
    mailbox.put(report(to, 'returned', '4.9.9').replace('Undelivered Mail Returned to Sender', 'Status'))
    mailbox.put(report(to, '', '').replace('Undelivered Mail Returned to Sender', 'Status'))
    for (const action of ['relayed', 'delivered', 'expanded']) mailbox.put(report(to, action, '2.0.0'))
    await read(db, {}, after(hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['sent', 2])
    expect((await lettersDesk(db, theSite, now)).mails.map(({ sort }) => sort)).toEqual([
      'unclear',
      'unclear',
    ])
  })

  test('from a person, or from a machine that answers by itself, stays for a person, and the desk says so', async () => {
    const { delivery, to } = await sent()
    mailbox.put(written(to, 'Auto-Submitted: auto-replied'))
    mailbox.put(written(to, 'Precedence: auto_reply'))
    mailbox.put(written(to))
    await read(db, {}, after(hour))
    expect(mailbox.mails.map(({ flags }) => [...flags])).toEqual([['\\Seen'], ['\\Seen'], ['\\Seen']])
    expect(await stateOf(db, delivery)).toBe('sent')
    expect(await db.selectFrom('letterReplies').select('id').execute()).toEqual([])
    const { mails } = await lettersDesk(db, theSite, after(hour))
    expect(mails.map(({ sort, domain, office }) => [sort, domain, office])).toEqual([
      ['written', 'council.org', 'Chair, Leeds Learning Trust'],
      ['by-itself', 'council.org', 'Chair, Leeds Learning Trust'],
      ['by-itself', 'council.org', 'Chair, Leeds Learning Trust'],
    ])
    expect(await keptMailCount(db, theSite)).toBe(1)
    const kept = await db.selectFrom('keptMails').selectAll().execute()
    expect(JSON.stringify(kept)).not.toMatch(/clerk|Thank you/)
  })

  test('and was kept is there once, until somebody has dealt with it', async () => {
    const { to } = await sent()
    mailbox.put(written(to))
    await read(db, {}, after(hour))
    mailbox.mails[0]?.flags.clear()
    await read(db, {}, after(2 * hour))
    const [mail, ...more] = (await lettersDesk(db, theSite, now)).mails
    expect(more).toEqual([])
    const input = { mail: mail?.id ?? '' }
    await expect(dealWithMail(db, anybody, input, now)).rejects.toMatchObject({ kind: 'missing' })
    for (let again = 0; again < 2; again += 1) await dealWithMail(db, theSite, input, now)
    expect((await lettersDesk(db, theSite, now)).mails).toEqual([])
    const log = await db
      .selectFrom('auditLog')
      .select('action')
      .where('action', '=', 'letters.mail')
      .execute()
    expect(log).toHaveLength(1)
  })

  test.each([
    ['Undelivered Mail Returned to Sender', 'I am sorry.', 'Return-Path: <>'],
    ['Mail System Error', 'The recipient: user unknown', 'X-Failed-Recipients: chair@council.org'],
    ['failure notice', 'Sorry, no mailbox here by that name. (#5.1.1)', 'Auto-Submitted: auto-replied'],
    ['Unzustellbar: Besuchen Sie uns', 'Das Postfach wurde nicht übermittelt.', 'Return-Path: <>'],
  ])('in plain words (“%s”) counts for now, and for good when it comes back so again', async (...words) => {
    const { delivery, to, again, office } = await sent()
    const [subject, said, line] = words
    const back = (time: string, box = to): string =>
      ['From: MAILER-DAEMON@mail.org', `To: ${box}`, `Subject: ${subject}`, line, time, '', said, ''].join(
        '\n',
      )
    mailbox.put(back('Date: 1'))
    mailbox.put(back('Date: 2'))
    await read(db, {}, after(hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['bounced-soft', 0])
    await send(db, { id: delivery }, after(3 * hour))
    expect(await stateOf(db, delivery)).toBe('sent')
    mailbox.put(back('Date: 3', again))
    await read(db, {}, after(4 * hour))
    expect([await stateOf(db, delivery), mailbox.mails.length]).toEqual(['bounced', 0])
    expect(await contactState(office.email)).toBe('doubtful')
  })

  test('from a mail server that is still trying, or says what nobody understands, is kept and changes nothing', async () => {
    const { delivery, to } = await sent()
    const from = (subject: string, said: string): string =>
      ['Return-Path: <>', 'From: postmaster@mail.org', `To: ${to}`, `Subject: ${subject}`, '', said, ''].join(
        '\n',
      )
    mailbox.put(from('Warning: message delayed', 'It could not be delivered. It will be tried again.'))
    mailbox.put(from('Bonjour', 'Une lettre.'))
    mailbox.put(from('Zustellung verzögert', 'Sie wurde noch nicht zugestellt. Es wird weiter versucht.'))
    mailbox.put(from('Undelivered', 'Poczta nie została dostarczona; spróbujemy. It will be tried again.'))
    await read(db, {}, after(hour))
    expect(await stateOf(db, delivery)).toBe('sent')
    expect(mailbox.mails).toHaveLength(4)
    const sorts = (await lettersDesk(db, theSite, now)).mails.map(({ sort }) => sort)
    expect(sorts).toEqual(['unclear', 'unclear', 'unclear', 'unclear'])
  })

  test('to an address that somebody made up, or to somebody else, changes nothing', async () => {
    const { delivery, code } = await sent()
    mailbox.put(report(`reply+${code.toLowerCase()}-1-000000000000@week.people.org`, 'failed', '5.1.1'))
    mailbox.put(report('organiser@week.people.org', 'failed', '5.1.1'))
    await read(db, {}, after(hour))
    expect(await stateOf(db, delivery)).toBe('sent')
    expect(mailbox.mails.map(({ flags }) => [...flags])).toEqual([['\\Seen'], []])
    expect((await lettersDesk(db, theSite, now)).mails).toMatchObject([{ sort: 'unclear', ref: null }])
  })

  test('of a letter that its office has answered changes nothing: it has it, also when we were in doubt or would try again', async () => {
    for (const state of ['uncertain', 'bounced-soft', 'sent'] as const) {
      const { delivery, office, code, to } = await sent()
      await db.updateTable('deliveries').set({ state, evidence: 'seen' }).where('id', '=', delivery).execute()
      await answerLetter(db, anybody, v.parse(pressForm, { code, press: 'yes' }), now)
      mailbox.put(report(to, 'failed', '5.1.1'))
      await read(db, {}, after(minute))
      await send(db, { id: delivery }, after(4 * hour))
      expect(await stateOf(db, delivery)).toBe(state === 'bounced-soft' ? 'assumed' : 'sent')
      expect(await contactState(office.email)).toBe('unverified')
    }
    expect(server.letters).toHaveLength(3)
  })

  test('of a letter in doubt says that it had left', async () => {
    const { delivery, to } = await sent()
    await db
      .updateTable('deliveries')
      .set({ state: 'uncertain', leftUs: null })
      .where('id', '=', delivery)
      .execute()
    mailbox.put(report(to, 'failed', '5.1.1'))
    await read(db, {}, after(minute))
    expect(await stateOf(db, delivery)).toBe('bounced')
  })
})

test('without a mailbox nothing is read, and one that is not there fails for the next run to try', async () => {
  await readReturned({ imapUrl: null })(db, {}, now)
  const gone = await openImapServer()
  await gone.close()
  await expect(readReturned({ imapUrl: gone.url })(db, {}, now)).rejects.toThrow()
})
