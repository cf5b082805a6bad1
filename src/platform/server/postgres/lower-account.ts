import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** The account PostgreSQL runs under; undefined where that is our own. PostgreSQL refuses to run as root. */
export type LowerAccount = { uid: number; gid: number }

const limit = { timeout: 5_000, cwd: '/' }

/**
 * Chooses the account for PostgreSQL when we are root: the owner of what is there already, then of the data
 * folder, then `postgres`, then `nobody`. Answers undefined for an ordinary account.
 */
export function lowerAccount(cluster: string, dataDir: string): LowerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = ownerOf(cluster) ?? ownerOf(dataDir) ?? named('postgres') ?? named('nobody')
  if (!found) {
    throw new Error(
      'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody". ' +
        'Start as an ordinary account, or set DATABASE_URL to a PostgreSQL of your own.',
    )
  }
  return found
}

/** Whether the account can read or pass a file or folder, asked of the system itself. */
export function canReach(account: LowerAccount | undefined, test: '-r' | '-x' | '-w', path: string): boolean {
  const { status } = spawnSync('test', [test, path], { ...limit, ...account })
  return status === 0
}

/** The owner of a folder, unless it is root, does not exist, or has no name on this machine (initdb needs one). */
function ownerOf(path: string): LowerAccount | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found || found.uid === 0) return undefined
  const { status } = spawnSync('id', ['-un', String(found.uid)], limit)
  return status === 0 ? { uid: found.uid, gid: found.gid } : undefined
}

function named(name: string): LowerAccount | undefined {
  const number = (option: string) => {
    const { status, stdout } = spawnSync('id', [option, name], { ...limit, encoding: 'utf8' })
    return status === 0 ? Number(stdout.trim()) : NaN
  }
  const uid = number('-u')
  const gid = number('-g')
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}
