import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { withDatabase } from '#platform/server/with-database.ts'
import { describeSchema } from './schema/catalogue.ts'

// A database of its own, made afresh: one that is there already keeps what an edited migration said before.
const folder = mkdtempSync(join(tmpdir(), 'abe-schema-'))
chmodSync(folder, 0o711)
/** Writes db/schema.sql and the types of the tables from the catalogue of the migrated database. */
await withDatabase(folder, async (address) => {
  await migrate(urlOf(address))
  const db = connect(urlOf(address), 1)
  writeFileSync(join(import.meta.dirname, '../db/schema.sql'), await describeSchema(db))
  await db.destroy()
  const types = join(import.meta.dirname, 'schema-types.ts')
  execFileSync(process.execPath, [types, urlOf(address)], { stdio: 'inherit' })
})
rmSync(folder, { recursive: true })
