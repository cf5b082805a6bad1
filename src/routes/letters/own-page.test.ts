import { beforeAll, expect, test } from 'vitest'
import { theSite } from '#kernel/viewer.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { dealWithMail, keepMail, type KeptSort } from '#letters/server/writes/kept-mails.ts'
import { noteLate } from '#letters/server/writes/returned.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeOffice, makeQueued } from '../../../test/letters.ts'
import { makeWeek } from '../../../test/make.ts'
import { pageOf } from '../../../test/pages.ts'
import { load } from './[token]/+page.server.ts'
import Page from './[token]/+page.svelte'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')
beforeAll(() => makeWeek(db))

async function sent(state: 'sent' | 'uncertain') {
  const office = await makeOffice(db)
  const { token, deliveries } = await makeQueued(db, now, [office.ref])
  const [id = ''] = deliveries
  await db.updateTable('deliveries').set({ state }).where('id', '=', id).execute()
  const page = async (): Promise<string> => {
    const asked = { db, now, path: `/letters/${token}`, params: { token } }
    return (await pageOf(Page, load, asked)).body
  }
  return { id, token, page }
}

test('the writer of a letter reads that nobody knows whether it left, and where to say what they know', async () => {
  const { token, page } = await sent('uncertain')
  expect(await page()).toContain('We are not sure that it left')
  expect(await page()).toContain('We never send it twice by ourselves.')
  expect(await page()).toContain(`href="/letters/${token}/send"`)
})

test('the writer of a letter reads that their mail server has it and goes on trying', async () => {
  const { id, page } = await sent('sent')
  expect(await page()).not.toContain('It goes on trying')
  await db.transaction().execute((trx) => noteLate(trx, id, now))
  expect(await page()).toContain('It goes on trying')
})

test('the writer of a letter reads that a mail about it waits for a person, until somebody has dealt with it', async () => {
  const { id, page } = await sent('sent')
  const keep = (sort: KeptSort) => {
    const mail = { raw: Buffer.from(sort), delivery: id, sort, domain: 'council.org' }
    return db.transaction().execute((trx) => keepMail(trx, mail, now))
  }
  const passed = 'A mail about this letter came to us, and not to you.'
  await keep('by-itself')
  expect(await page()).toContain('A machine answered this letter by itself.')
  await keep('unclear')
  expect(await page()).toContain(passed)
  expect(await page()).not.toContain('A machine answered')
  for (const { id: mail } of (await lettersDesk(db, theSite, now)).mails)
    await dealWithMail(db, theSite, { mail }, now)
  expect(await page()).not.toContain(passed)
  expect(await page()).not.toContain('A machine answered')
})
