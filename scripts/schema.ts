import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '#platform/server/config.ts'
import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { withDatabase } from '#platform/server/with-database.ts'
import { describeSchema } from './schema/catalogue.ts'

/** Writes db/schema.sql and the types of the tables from the catalogue of the migrated database. */
await withDatabase(readConfig().dataDir, async (address) => {
  await migrate(urlOf(address))
  const db = connect(urlOf(address), 1)
  writeFileSync(join(import.meta.dirname, '../db/schema.sql'), await describeSchema(db))
  await db.destroy()
  const types = join(import.meta.dirname, 'schema-types.ts')
  execFileSync(process.execPath, [types, urlOf(address)], { stdio: 'inherit' })
})
