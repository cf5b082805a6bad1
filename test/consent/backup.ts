import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { closeUntilReplayed } from '#consent/server/replay.ts'
import type { Db } from '#platform/server/db.ts'

/** No room but this follows. */
export const alone = (): Promise<void> => Promise.resolve()

/** In an order in which they can be filled. */
const tables = [
  'ledger_position',
  'consent_events',
  'people_shown',
  'consent_links',
  'stewards',
  'permissions',
  'objections',
  'records',
  'placements',
  'surfaces',
  'appearances',
  'sayings',
  'withdrawn_hashes',
]
/** A backup of all that permission keeps, put back by the function it answers, as `npm run restore` does. */
export async function keepBackup(db: Db): Promise<() => Promise<void>> {
  const name = `b${randomUUID().replaceAll('-', '')}`
  await sql`create schema ${sql.id(name)}`.execute(db)
  for (const table of tables) {
    await sql`create table ${sql.id(name, table)} as table ${sql.id('public', table)}`.execute(db)
  }
  return () =>
    db.transaction().execute(async (trx) => {
      for (const table of tables.toReversed()) await sql`delete from ${sql.id('public', table)}`.execute(trx)
      for (const table of tables) {
        await sql`insert into ${sql.id('public', table)} overriding system value
          select * from ${sql.id(name, table)}`.execute(trx)
      }
      await closeUntilReplayed(trx)
    })
}
