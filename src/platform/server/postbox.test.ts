import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '#platform/server/config.ts'
import { deliverMail } from '#platform/server/deliver-mail.ts'
import { openPostbox, type Letter } from '#platform/server/postbox.ts'
import { testDatabase } from '../../../test/db.ts'
import { openMailServer, owe } from '../../../test/smtp.ts'

const db = await testDatabase()
const server = await openMailServer()
const dataDir = mkdtempSync(join(tmpdir(), 'abe-postbox-'))
afterAll(async () => {
  await server.close()
  rmSync(dataDir, { recursive: true })
})
beforeEach(async () => {
  Object.assign(server, { refuses: {}, callers: 0 })
  server.taken.length = 0
  server.letters.length = 0
  await db.deleteFrom('mails').execute()
})

const now = new Date('2027-10-18T10:00:00Z')
const config = { ...readConfig(), siteUrl: 'https://week.people.org', dataDir }
const throughSmtp = openPostbox({ ...config, smtpUrl: server.url })
const letter: Letter = {
  id: '0193a1b2-0000-7000-8000-000000000001',
  from: 'Wöche “extra”',
  to: 'ann@people.org',
  subject: `Es gibt einen Platz für dich: ${'sehr '.repeat(30)}schön 🎈`,
  text: 'Hallo Ann,\n\nhttps://week.people.org/come/abc_-def\n.\nBis bald — 👋',
  replyTo: 'host@people.org',
  calendar: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n',
}

describe('a letter over a mail server', () => {
  test('arrives as it was written, from the site, with its calendar', async () => {
    await throughSmtp(letter)
    expect(server.taken).toEqual(['ann@people.org'])
    const read = await simpleParser(server.letters[0] ?? '')
    expect(read.from?.value).toEqual([{ name: 'Wöche “extra”', address: 'noreply@week.people.org' }])
    expect(read.subject).toBe(letter.subject)
    expect(read.text?.trim()).toBe(letter.text)
    expect(read.replyTo?.value[0]?.address).toBe('host@people.org')
    expect(read.messageId).toBe(`<${letter.id}@week.people.org>`)
    expect(read.headers.get('auto-submitted')).toBe('auto-generated')
    const [calendar] = read.attachments.filter((one) => one.contentType === 'text/calendar')
    expect(calendar?.content.toString()).toBe(letter.calendar)
  })

  test('has one name for ever, so that a server can tell when the same comes twice', async () => {
    await throughSmtp(letter)
    await throughSmtp(letter)
    const [first, second] = await Promise.all(server.letters.map((words) => simpleParser(words)))
    expect(first?.messageId).toBe(second?.messageId)
  })

  test('cannot be given a line of its head, or another address, by what somebody typed', async () => {
    await throughSmtp({
      ...letter,
      from: 'Week\r\nBcc: eve@people.org',
      subject: 'Tea\r\nBcc: eve@people.org\r\n\r\nwords',
      calendar: null,
    })
    expect(server.taken).toEqual(['ann@people.org'])
    const read = await simpleParser(server.letters[0] ?? '')
    expect(read.bcc).toBeUndefined()
    expect(read.text?.trim()).toBe(letter.text)
  })

  test.each([
    'sam@example.org',
    'sam@mail.example.com',
    'sam@example.net',
    'sam@school.example',
    'sam@a.b.test',
    'sam@nobody.invalid',
    'sam@localhost',
  ])('to %s, which is nobody, does not even make it call the server', async (to) => {
    await throughSmtp({ ...letter, to })
    expect(server.callers).toBe(0)
  })

  test('to somebody whose address only looks like an example goes out', async () => {
    for (const to of ['sam@example.org.uk', 'sam@notexample.org', 'example.org@people.org', 'sam@latest']) {
      await throughSmtp({ ...letter, to })
    }
    expect(server.taken).toHaveLength(4)
  })
})

describe('a mail that is owed', () => {
  const deliver = deliverMail(throughSmtp, async () => 'A Bit Extra')

  test('goes out once, however often its job runs', async () => {
    const id = await owe(db, now)
    for (let again = 0; again < 3; again++) await deliver(db, { id }, now)
    expect(server.taken).toEqual(['ann@people.org'])
    expect(server.letters[0]).toContain(`<${id}@week.people.org>`)
  })

  test('is refused for good, and nobody is asked again', async () => {
    server.refuses = { address: 550 }
    const id = await owe(db, now)
    await deliver(db, { id }, now)
    const asked = server.callers
    server.refuses = {}
    await deliver(db, { id }, now)
    expect([server.taken, server.callers]).toEqual([[], asked])
  })

  test('is refused for now, and goes out later', async () => {
    server.refuses = { address: 451 }
    const id = await owe(db, now)
    await deliver(db, { id }, now)
    expect(server.taken).toEqual([])
    server.refuses = {}
    const { due } = await db.selectFrom('mails').select('due').where('id', '=', id).executeTakeFirstOrThrow()
    await deliver(db, { id }, due)
    expect(server.taken).toEqual(['ann@people.org'])
  })

  test('to somebody of an example is sent to nobody, and says so', async () => {
    const id = await owe(db, now, { address: 'Ann@Example.org' })
    await deliver(db, { id }, now)
    expect(server.callers).toBe(0)
    const row = await db
      .selectFrom('mails')
      .select(['state', 'sent', 'params'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ state: 'example', sent: null, params: {} })
  })
})

test('without a mail server a letter lies whole in the outbox, where only its owner reads it', async () => {
  const intoFolder = openPostbox({ ...config, smtpUrl: null })
  await intoFolder(letter)
  await intoFolder(letter)
  const folder = join(dataDir, 'outbox')
  expect(readdirSync(folder)).toEqual([`${letter.id}.eml`])
  const file = join(folder, `${letter.id}.eml`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const read = await simpleParser(readFileSync(file))
  expect([read.subject, read.text?.trim()]).toEqual([letter.subject, letter.text])
})
