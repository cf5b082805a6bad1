import { beforeEach, expect, test } from 'vitest'
import { tellOfUndelivered } from '#desk/server/tasks.ts'
import { tryMailsAgain } from '#desk/server/writes.ts'
import { day, hour } from '#kernel/limits.ts'
import { anybody, theSite, type RoleCode, type Viewer } from '#kernel/viewer.ts'
import { deliverMail } from '#platform/server/deliver-mail.ts'
import { undeliveredMails } from '#platform/server/outbox.ts'
import { testDatabase } from '../../../test/db.ts'
import { owe } from '../../../test/smtp.ts'

const db = await testDatabase()
const now = new Date('2027-10-18T10:00:00Z')
const later = new Date(now.getTime() + hour)
const as = (role: RoleCode): Viewer => ({ ...theSite, roles: [{ role, group: null, organisation: null }] })
const name = async () => 'A Bit Extra'
const taken = deliverMail(async () => undefined, name)
const refused = deliverMail(
  () =>
    Promise.reject(
      Object.assign(new Error('no'), { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }),
    ),
  name,
)

beforeEach(async () => {
  for (const table of ['mails', 'auditLog', 'accounts'] as const) await db.deleteFrom(table).execute()
})

async function undelivered(): Promise<string> {
  const id = await owe(db, now)
  await refused(db, { id }, now)
  return id
}

test('a mail that could not be delivered is listed with its reason, and goes when an organiser has it tried again', async () => {
  const id = await undelivered()
  expect(await undeliveredMails(db)).toMatchObject([{ id, problem: 'address', tries: 1 }])
  expect(await tryMailsAgain(db, as('organiser'), { mail: id }, later)).toBe(1)
  expect(await tryMailsAgain(db, as('organiser'), { mail: id }, later)).toBe(0)
  await taken(db, { id }, later)
  const row = await db.selectFrom('mails').select(['state', 'problem', 'tries']).executeTakeFirstOrThrow()
  expect(row).toEqual({ state: 'sent', problem: null, tries: 0 })
  expect(await undeliveredMails(db)).toEqual([])
  const log = await db.selectFrom('auditLog').select(['action', 'subject']).execute()
  expect(log).toEqual([{ action: 'mail.again', subject: `mails:${id}` }])
})

test('all are tried again at once, and by nobody but organisers', async () => {
  await undelivered()
  await undelivered()
  for (const nobody of [anybody, as('reviewer'), as('group-lead')])
    await expect(tryMailsAgain(db, nobody, { mail: null }, now)).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await undeliveredMails(db)).toHaveLength(2)
  expect(await tryMailsAgain(db, as('organiser'), { mail: null }, now)).toBe(2)
  expect(await undeliveredMails(db)).toEqual([])
})

test('organisers hear of it once a day, without a word about whom it was for; a mail that cannot tell them tells nobody', async () => {
  const { id: account } = await db
    .insertInto('accounts')
    .values({ name: 'Olu', email: 'olu@people.org' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.insertInto('roles').values({ account, role: 'organiser' }).execute()
  for (const id of [await undelivered(), await undelivered()]) await tellOfUndelivered(db, { id }, now)
  const told = () => db.selectFrom('mails').selectAll().where('name', '=', 'undelivered').execute()
  const [notice, ...more] = await told()
  expect(more).toEqual([])
  expect(notice).toMatchObject({ address: 'olu@people.org', urgency: 'notice' })
  expect(JSON.stringify(notice)).not.toContain('ann@people.org')
  await refused(db, { id: notice?.id ?? '' }, now)
  await tellOfUndelivered(db, { id: notice?.id ?? '' }, new Date(now.getTime() + day))
  expect(await told()).toHaveLength(1)
})
