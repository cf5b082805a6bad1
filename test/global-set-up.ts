import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startWithTowns } from './with-towns.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The throw-away PostgreSQL of this run; its database is the migrated template. */
    postgres: { host: string; user: string; database: string }
  }
}

/** One throw-away PostgreSQL for the run; every test file clones its template. */
export default async function setUp(project: TestProject) {
  const dataDir = mkdtempSync(join(tmpdir(), 'abe-test-'))
  chmodSync(dataDir, 0o711)
  // The site's secret and ledgers of the tests lie here, never in the data of this checkout.
  process.env['DATA_DIR'] = join(dataDir, 'site')
  const postgres = await startWithTowns(dataDir, ['max_connections=200'])
  project.provide('postgres', postgres.address)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
