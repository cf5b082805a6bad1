import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { giveTo, type Place } from './place.ts'

const majorVersion = '18'

/** PostgreSQL's own environment: nothing of ours, so that no PG… variable of the person changes where it goes. */
export const postgresEnvironment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' }

/**
 * Makes the database files when there are none. Half-made ones of a killed start are thrown away first.
 * Order and letters are Unicode's own (the builtin C.UTF-8), the same on every machine.
 */
export function makeCluster(place: Place, binaries: string, durable: boolean) {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return checkVersion(place.cluster)
  const half = `${place.cluster}.half`
  rmSync(half, { recursive: true, force: true })
  const complaints: string[] = []
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    mkdirSync(half, { mode: 0o700 })
    giveTo(place.account, half)
    const complaint = initdb(place, { binaries, half, ctype, durable })
    if (complaint === undefined) return renameSync(half, place.cluster)
    complaints.push(complaint)
    rmSync(half, { recursive: true, force: true })
  }
  throw new Error(`The database files could not be made in ${place.root}:\n${complaints.join('\n')}`)
}

/** Answers what went wrong, or undefined. */
function initdb(place: Place, how: { binaries: string; half: string; ctype: string; durable: boolean }) {
  const made = spawnSync(
    join(how.binaries, 'bin/initdb'),
    [
      ['--pgdata', how.half, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'],
      [
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        `--lc-ctype=${how.ctype}`,
        '--no-instructions',
      ],
      how.durable ? [] : ['--no-sync'],
    ].flat(),
    { cwd: '/', env: postgresEnvironment, encoding: 'utf8', timeout: 120_000, ...place.account },
  )
  if (made.status === 0) return undefined
  return [made.error?.message, made.stderr].filter(Boolean).join('\n').trim()
}

function checkVersion(cluster: string) {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (version === majorVersion) return
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${version}, and this program brings ${majorVersion}. ` +
      'Make a backup with the version of this program that made it, and restore that here.',
  )
}
