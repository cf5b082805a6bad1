import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { removeDataFolder, startApp } from './app.ts'
import { fillDataFolder } from './filled.ts'

/** One started product is shared by the journeys that do not break it. */
export default async function setUp(project: TestProject) {
  const dataDir = await fillDataFolder()
  const app = await startApp({
    DATA_DIR: dataDir,
    TRUSTED_PROXIES: '127.0.0.1',
    NODE_OPTIONS: `--import=${new URL('programs/outside-here.ts', import.meta.url).href}`,
    OUTSIDE_FILE: join(dataDir, 'outside'),
  })
  project.provide('site', { address: app.address, dataDir })
  return async () => {
    await app.stop()
    removeDataFolder(dataDir)
  }
}
