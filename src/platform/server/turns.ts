import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** Does some work while nobody else, in any process, does work of the same name. The lock belongs to the connection: what the work waits for holds no row and no transaction, and the lock of a killed process is free at once. */
export const inTurn = <Result>(db: Db, name: string, work: (on: Db) => Promise<Result>): Promise<Result> =>
  db.connection().execute(async (on) => {
    const lock = sql`hashtextextended(${name}, 0)`
    await sql`select pg_advisory_lock(${lock})`.execute(on)
    try {
      return await work(on)
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(on)
    }
  })
