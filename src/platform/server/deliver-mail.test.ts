import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { day, hour } from '#kernel/limits.ts'
import { readConfig } from '#platform/server/config.ts'
import { claimMails } from '#platform/server/claim-mails.ts'
import { deliverMail, mostTries } from '#platform/server/deliver-mail.ts'
import { forgetMailsTo } from '#platform/server/mail.ts'
import { tryAgain } from '#platform/server/outbox.ts'
import { openPostbox, type Letter, type Postbox } from '#platform/server/postbox.ts'
import { testDatabase } from '../../../test/db.ts'
import { openMailServer, owe } from '../../../test/smtp.ts'

const db = await testDatabase()
const server = await openMailServer()
afterAll(() => server.close())
const now = new Date('2027-10-18T10:00:00Z')

const throughSmtp = openPostbox({ ...readConfig(), smtpUrl: server.url })
const deliver = (post: Postbox = throughSmtp) => deliverMail(post, async () => 'A Bit Extra')

beforeEach(async () => {
  server.refuses = {}
  server.taken.length = 0
  await db.deleteFrom('mails').execute()
  await sql`delete from graphile_worker._private_jobs`.execute(db)
})

const mail = (over: Parameters<typeof owe>[2] = {}) => owe(db, now, over)
const rowOf = (id: string) =>
  db
    .selectFrom('mails')
    .select(['state', 'problem', 'tries', 'due', 'params', 'hand'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const jobs = async (name: string): Promise<number> =>
  (
    await sql<{
      n: number
    }>`select count(*)::int as n from graphile_worker.jobs where task_identifier = ${name}`.execute(db)
  ).rows[0]?.n ?? 0

describe('a mail that a server does not take', () => {
  test.each([
    ['address', 550, 'address'],
    ['message', 554, 'message'],
  ] as const)(
    'for good at "%s" (%i) is tried once and has failed, with the reason',
    async (at, code, why) => {
      server.refuses = { [at]: code }
      const id = await mail()
      await deliver()(db, { id }, now)
      expect(await rowOf(id)).toMatchObject({ state: 'failed', problem: why, tries: 1 })
      expect(await jobs('mail.failed')).toBe(1)
    },
  )

  test.each([
    [{ address: 451 }, 'later'],
    [{ message: 452 }, 'later'],
    [{ sender: 553 }, 'sender'],
  ] as const)('with %o waits, says why, and is tried later and later', async (refuses, why) => {
    server.refuses = refuses
    const id = await mail()
    await deliver()(db, { id }, now)
    const first = await rowOf(id)
    expect(first).toMatchObject({ state: 'waiting', problem: why, tries: 1 })
    await deliver()(db, { id }, first.due)
    const second = await rowOf(id)
    expect(second.tries).toBe(2)
    expect(second.due.getTime() - first.due.getTime()).toBeGreaterThan(first.due.getTime() - now.getTime())
    server.refuses = {}
    await deliver()(db, { id }, second.due)
    expect(await rowOf(id)).toMatchObject({ state: 'sent', problem: null, params: {} })
    expect(server.taken).toEqual(['ann@people.org'])
  })

  test('twelve times could not be delivered: it waits no longer, within a day', async () => {
    server.refuses = { address: 451 }
    const id = await mail()
    let at = now
    for (let tries = 1; tries <= mostTries; tries += 1) {
      expect((await rowOf(id)).state).toBe('waiting')
      await deliver()(db, { id }, at)
      at = (await rowOf(id)).due
    }
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem: 'later', tries: mostTries })
    expect(at.getTime() - now.getTime()).toBeGreaterThan(12 * hour)
    expect(at.getTime() - now.getTime()).toBeLessThan(day)
    await deliver()(db, { id }, at)
    expect((await rowOf(id)).tries).toBe(mostTries)
  })

  test('because it is away, or because the fault is ours, waits and says which', async () => {
    const gone = await openMailServer()
    await gone.close()
    const away = await mail()
    await deliver(openPostbox({ ...readConfig(), smtpUrl: gone.url }))(db, { id: away }, now)
    expect(await rowOf(away)).toMatchObject({ state: 'waiting', problem: 'server', tries: 1 })
    const full = await mail()
    const noSpace = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
    await deliver(Object.assign(noSpace, { keepsOne: true } as const))(db, { id: full }, now)
    expect(await rowOf(full)).toMatchObject({ state: 'waiting', problem: 'ours' })
    const unwritable = await mail({ name: 'no-such-mail' as 'test' })
    await deliver()(db, { id: unwritable }, now)
    expect(await rowOf(unwritable)).toMatchObject({ state: 'waiting', problem: 'ours' })
  })

  test('keeps nothing of what the server said: it may name people', async () => {
    server.refuses = { address: 550 }
    const id = await mail()
    await deliver()(db, { id }, now)
    const row = await db.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain('SECRET')
  })

  test('holds no row while it does not answer: whoever is erased meanwhile is erased at once', async () => {
    const id = await mail()
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const delivering = deliver(async () => {
      asked.resolve()
      await answer.promise
    })(db, { id }, now)
    await asked.promise
    await forgetMailsTo(db, 'ann@people.org')
    expect(await db.selectFrom('mails').select('id').execute()).toEqual([])
    answer.resolve()
    await delivering
  })

  test('two jobs at once send it once', async () => {
    const one = await mail({ urgency: 'notice' })
    const two = await mail({ urgency: 'notice' })
    await Promise.all([one, two, one].map((id) => deliver()(db, { id }, now)))
    expect(server.taken).toEqual(['ann@people.org'])
    expect([(await rowOf(one)).state, (await rowOf(two)).state]).toEqual(['sent', 'sent'])
  })
})

test('notices that leave as one tell in the order in which things happened, also when the first had to wait', async () => {
  const before = await owe(db, new Date(now.getTime() + hour), { urgency: 'notice' })
  const after = await owe(db, now, { urgency: 'notice' })
  const [claimed] = await claimMails(db, { hand: crypto.randomUUID(), most: 10 }, now)
  expect(claimed?.parts.map(({ id }) => id)).toEqual([before, after])
})

test('a mail to whoever wrote in a language without mails is in English', async () => {
  const id = await mail({ language: 'da' })
  await deliver()(db, { id }, now)
  expect((await rowOf(id)).state).toBe('sent')
})

describe('a mail of which nobody knows whether it left', () => {
  const silent: Postbox = () => Promise.reject(Object.assign(new Error('Timeout'), { code: 'ETIMEDOUT' }))

  test('is not sent again by itself: organisers hear of it, and one may have it sent once more', async () => {
    const id = await mail()
    await deliver(silent)(db, { id }, now)
    expect(await rowOf(id)).toMatchObject({ state: 'uncertain', problem: 'server', tries: 1 })
    expect(await jobs('mail.failed')).toBe(1)
    await deliver()(db, { id }, new Date(now.getTime() + day))
    expect(server.taken).toEqual([])
    expect(await tryAgain(db, null, now)).toBe(0)
    expect(await tryAgain(db, id, now)).toBe(1)
    await deliver()(db, { id }, now)
    expect([server.taken.length, (await rowOf(id)).state]).toEqual([1, 'sent'])
  })

  test('because whoever had it in hand is gone is in doubt, but waits again where one of each is kept', async () => {
    const inDeadHands = async (): Promise<string> => {
      const id = await mail()
      await db.updateTable('mails').set({ hand: crypto.randomUUID() }).where('id', '=', id).execute()
      return id
    }
    const one = await inDeadHands()
    await deliver()(db, {}, now)
    expect([(await rowOf(one)).state, server.taken]).toEqual(['uncertain', []])
    const other = await inDeadHands()
    const kept: Letter[] = []
    const folder = Object.assign(async (letter: Letter) => void kept.push(letter), {
      keepsOne: true,
    } as const)
    await deliver(folder)(db, {}, now)
    expect([(await rowOf(other)).state, kept.map(({ id }) => id)]).toEqual(['sent', [other]])
  })

  test('is left to whoever has it in hand as long as they live', async () => {
    const id = await mail()
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const delivering = deliver(async () => {
      asked.resolve()
      await answer.promise
    })(db, {}, now)
    await asked.promise
    await deliver()(db, {}, now)
    expect([await rowOf(id), server.taken]).toMatchObject([
      { state: 'waiting', hand: expect.any(String) },
      [],
    ])
    answer.resolve()
    await delivering
    expect((await rowOf(id)).state).toBe('sent')
  })
})

test('over a connection that the server closed meanwhile, the next mail goes over another, once', async () => {
  for (let round = 0; round < 2; round += 1) {
    const id = await mail()
    await deliver()(db, {}, now)
    expect((await rowOf(id)).state).toBe('sent')
    server.hangUp()
  }
  expect(server.taken).toHaveLength(2)
})
