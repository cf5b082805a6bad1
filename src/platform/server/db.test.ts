import { Socket } from 'node:net'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { migrate } from '#platform/server/migrate.ts'
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

test('when the tables are up to date no connection of it is left, which a database that stops would cut off', async () => {
  // Others that end meanwhile are not asked for.
  const handles = Reflect.get(process, '_getActiveHandles') as () => object[]
  const before = new Set(handles())
  await migrate(db.url)
  expect(handles().filter((one) => one instanceof Socket && !before.has(one))).toEqual([])
})
