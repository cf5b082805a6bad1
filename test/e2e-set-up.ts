import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect, urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { seedExample } from '../scripts/seed.ts'
import { seedDoors } from '../scripts/seed/doors.ts'
import { copyDataFolder, makeDataFolder, removeDataFolder, startApp } from './app.ts'
import { startWithTowns } from './with-towns.ts'

/** One started product is shared by the journeys that do not break it. */
export default async function setUp(project: TestProject) {
  const filled = await fillDataFolder()
  const dataDir = copyDataFolder(filled)
  const app = await startApp({
    DATA_DIR: dataDir,
    TRUSTED_PROXIES: '127.0.0.1',
    NODE_OPTIONS: `--import=${new URL('programs/outside-here.ts', import.meta.url).href}`,
    OUTSIDE_FILE: join(dataDir, 'outside'),
  })
  project.provide('filled', filled)
  project.provide('site', { address: app.address, dataDir })
  return async () => {
    await app.stop()
    removeDataFolder(dataDir)
    removeDataFolder(filled)
  }
}

/** Makes a data folder with the example week, as a first start leaves it, to copy for each file that starts a product of its own: making it takes five times as long. */
async function fillDataFolder(): Promise<string> {
  const folder = makeDataFolder()
  const postgres = await startWithTowns(folder)
  const db = connect(urlOf(postgres.address), 1)
  await seedExample(db)
  await seedDoors(db)
  await db.destroy()
  await postgres.stop()
  // A product that is killed loses nothing by it; only a machine without power would.
  appendFileSync(join(clusterOf(folder), 'postgresql.conf'), 'fsync = off\n')
  return folder
}
