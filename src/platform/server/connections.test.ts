import { sql } from 'kysely'
import { Socket } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { connect, connectForReading, type Db } from '#platform/server/db.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()
const reading = connectForReading(db.url, 1)
afterAll(() => reading.end())
const reader = () => reading.pick()
const own = async () =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(reader())).rows[0]?.pid

test('whoever only reads cannot write: the database itself refuses', async () => {
  const writing = reader().insertInto('formKeys').values({ scope: 'test', key: 'one' }).execute()
  await expect(writing).rejects.toThrow(/read-only/)
  expect(await db.selectFrom('formKeys').selectAll().execute()).toEqual([])
})

test('a transaction cannot be had where many read at once', async () => {
  await expect(
    reader()
      .transaction()
      .execute((trx) => sql`select 1`.execute(trx)),
  ).rejects.toThrow(/no transactions/)
})

test('many questions at once are each given their own answer, and a wrong one disturbs no other', async () => {
  const asked = Array.from({ length: 40 }, (_, n) =>
    n === 17
      ? sql`select 1 / ${0}::int`.execute(reader()).then(
          () => 'answered',
          (error: Error) => error.message,
        )
      : sql<{ n: number }>`select ${n}::int as n`.execute(reader()).then(({ rows }) => rows[0]?.n),
  )
  expect(await Promise.all(asked)).toEqual(asked.map((_, n) => (n === 17 ? 'division by zero' : n)))
})

test('a lost connection fails what was under way, and whoever comes after gets a new one', async () => {
  const before = await own()
  const sleeping = Promise.allSettled([1, 2, 3].map(() => sql`select pg_sleep(30)`.execute(reader())))
  await expect.poll(() => asleep(), { timeout: 10_000 }).toBe(1)
  await sql`select pg_terminate_backend(${before}::int)`.execute(db)
  expect((await sleeping).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await own()).not.toBe(before)
})

test('what is asked in one turn leaves in one write, and is answered without anything asked after it', async () => {
  const write = vi.spyOn(Socket.prototype, '_writev')
  const single = vi.spyOn(Socket.prototype, '_write')
  const asked = [1, 2, 3, 4].map((n) => sql<{ n: number }>`select ${n}::int as n`.execute(reader()))
  expect((await Promise.all(asked)).map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3, 4])
  const writes = write.mock.calls.length + single.mock.calls.length
  vi.restoreAllMocks()
  expect(writes).toBe(1)
})

async function asleep(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active'
      and pid <> pg_backend_pid()`.execute(db)
  return rows[0]?.count ?? 0
}

test('the same statement again and again, in rows and in turn, keeps its answers right', async () => {
  for (const round of [1, 2, 3, 4]) {
    const days = await Promise.all(
      [1, 2, 3].map((n) => sql<{ sum: number }>`select ${n}::int + ${round}::int as sum`.execute(db)),
    )
    expect(days.map(({ rows }) => rows[0]?.sum)).toEqual([1 + round, 2 + round, 3 + round])
  }
})

test('what is asked often is prepared, however much is asked often of another pool', async () => {
  const often = async (on: Db, from: number, to: number) => {
    for (let at = from; at < to; at += 1)
      for (const n of [1, 2, 3]) await sql`select ${n}::int as ${sql.ref(`often_${at}`)}`.execute(on)
    const { rows } = await sql<{ count: number }>`
      select count(*) from pg_prepared_statements where statement like '%often_%'`.execute(on)
    return rows[0]?.count
  }
  const [busy, next] = [connect(db.url, 1), connect(db.url, 1)]
  try {
    // Each costs memory in every connection, so that there is an end to it.
    expect(await often(busy, 0, 220)).toBe(200)
    expect(await often(next, 220, 223)).toBe(3)
  } finally {
    await Promise.all([busy.destroy(), next.destroy()])
  }
})
