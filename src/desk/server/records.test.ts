import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readLog } from '#desk/server/log.ts'
import { retentionRuns } from '#desk/server/reads.ts'
import { mailInOutbox, mailRecords, undeliveredCount } from '#desk/server/records.ts'
import { anybody, theSite, type RoleCode, type Viewer } from '#kernel/viewer.ts'
import { readConfig } from '#platform/server/config.ts'
import { openPostbox } from '#platform/server/postbox.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()
await db
  .insertInto('mails')
  .values({ key: 'k', address: 'a@people.test', name: 'test', urgency: 'answer', state: 'failed' })
  .execute()

const dataDir = mkdtempSync(join(tmpdir(), 'abe-records-'))
afterAll(() => rmSync(dataDir, { recursive: true }))

const having = (role: RoleCode): Viewer => ({
  account: 'a',
  email: 'a@people.test',
  name: 'A',
  roles: [{ role, group: 'g', organisation: 'o' }],
})

test.each([
  ['the anonymous visitor', anybody],
  ['somebody signed in', { ...anybody, account: 'a', email: 'a@people.test' }],
  ['a group lead', having('group-lead')],
  ["an organisation's lead", having('organisation-lead')],
  ['a reviewer', having('reviewer')],
])('%s reads neither mails, nor the log, nor what ran by itself', async (_who, viewer) => {
  const no = { kind: 'missing' }
  await expect(mailRecords(db, viewer)).rejects.toMatchObject(no)
  await expect(readLog(db, viewer, { before: null })).rejects.toMatchObject(no)
  await expect((async () => retentionRuns(db, viewer))()).rejects.toMatchObject(no)
  await expect(mailInOutbox(readConfig(), viewer, crypto.randomUUID())).rejects.toMatchObject({
    kind: 'missing',
  })
  expect(await undeliveredCount(db, viewer)).toBe(0)
})

test('an organiser reads them', async () => {
  expect(await mailRecords(db, theSite)).toMatchObject({
    count: 1,
    undelivered: [{ address: 'a@people.test' }],
  })
  expect(await undeliveredCount(db, theSite)).toBe(1)
  expect(await readLog(db, theSite, { before: null })).toEqual({ lines: [], older: null })
  expect(await retentionRuns(db, theSite)).toEqual([])
})

test('a mail in the outbox folder is read as its reader would read it', async () => {
  const config = { ...readConfig(), smtpUrl: null, dataDir }
  const letter = {
    id: crypto.randomUUID(),
    from: 'A bit extra',
    to: 'ann@people.test',
    subject: 'Ein Platz für dich 🎈',
    text: `Can’t come? ${'One press gives the seat back. '.repeat(9)}\n\nhttps://week.people.org/come/abc=def_-x\n\n<b>Schön</b>`,
    replyTo: null,
    calendar: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n',
  }
  await openPostbox(config)(letter)
  expect(await mailInOutbox(config, theSite, letter.id)).toEqual({
    subject: letter.subject,
    to: letter.to,
    text: letter.text,
    files: ['activity.ics'],
  })
})
