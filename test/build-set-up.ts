import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Journeys walk the built site; building is skipped when it is there. */
export default function setUp(): void {
  const { status } = spawnSync(process.execPath, ['scripts/set-up.mjs', '--test'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('The site could not be built; see above.')
}
