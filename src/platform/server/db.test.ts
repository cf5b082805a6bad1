import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()

test('a connection lost in the middle of a query fails that query, and the next one gets a new connection', async () => {
  const { rows } = await db.connection().execute(async (held) => {
    const { rows: own } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held)
    const sleeping = sql`select pg_sleep(30)`.execute(held)
    const failed = expect(sleeping).rejects.toThrow()
    await sql`select pg_terminate_backend(${own[0]?.pid}::int)`.execute(db)
    await failed
    return sql<{ one: number }>`select 1 as one`.execute(db)
  })
  expect(rows).toEqual([{ one: 1 }])
})
