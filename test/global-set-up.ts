import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { loadPlaces } from '#platform/server/places.ts'
import { startPostgres } from '#platform/server/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The throw-away PostgreSQL of this run; its database is the migrated template. */
    postgres: { host: string; user: string; database: string }
  }
}

/** One throw-away PostgreSQL for the run; every test file clones its template. */
export default async function setUp(project: TestProject) {
  const dataDir = mkdtempSync('/tmp/abe-test-')
  chmodSync(dataDir, 0o711)
  // The site's secret and ledgers of the tests lie here, never in the data of this checkout.
  process.env['DATA_DIR'] = join(dataDir, 'site')
  const postgres = await startPostgres({ dataDir, durable: false, settings: ['max_connections=200'] })
  const template = urlOf(postgres.address)
  await migrate(template)
  const db = connect(template, 1)
  // Towns of 20,000 people and more: enough to find places by, small enough to clone for every file.
  await loadPlaces(db, 20_000)
  await db.destroy()
  project.provide('postgres', postgres.address)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
