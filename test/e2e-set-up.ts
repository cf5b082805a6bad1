import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { makeDataFolder, removeDataFolder, startApp } from './app.ts'

/** Journeys walk the built site; building is skipped when it is there. One started product is shared. */
export default async function setUp(project: TestProject) {
  const root = join(import.meta.dirname, '..')
  const { status } = spawnSync(process.execPath, ['scripts/set-up.mjs', '--test'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('The site could not be built; see above.')
  const dataDir = makeDataFolder()
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
