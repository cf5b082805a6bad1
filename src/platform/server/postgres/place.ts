import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDataFolder } from '../lock.ts'
import { canReach, lowerAccount, type LowerAccount } from './lower-account.ts'

/** Where the parts of one embedded PostgreSQL stand. */
export type Place = { root: string; cluster: string; socket: string; log: string; account?: LowerAccount }

/** A unix socket path holds 107 bytes, and PostgreSQL adds "/.s.PGSQL.5432.lock". */
const longestSocketFolder = 107 - '/.s.PGSQL.5432.lock'.length

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
const pointerFile = (dataDir: string) => join(dataDir, 'postgres.place')
const rootIn = (dataDir: string) => join(dataDir, 'postgres')

/** The cluster folder of a data folder, wherever an earlier start put it; nothing is made. */
export function clusterOf(dataDir: string): string {
  const pointer = pointerFile(dataDir)
  const root = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : rootIn(dataDir)
  return join(root, 'cluster')
}

/**
 * Makes the folders PostgreSQL needs, where its account can reach them: inside the data folder, or under
 * /var/lib when that lies in a home that others cannot enter (then `postgres.place` says where).
 */
export function makePlace(dataDir: string): Place {
  makeDataFolder(dataDir)
  const account = lowerAccount(clusterOf(dataDir), dataDir)
  const root = makeRoot(dataDir, account)
  const socket = makeSocketFolder(root, account)
  const place = { root, cluster: join(root, 'cluster'), socket, log: join(root, 'postgres.log') }
  return account ? { ...place, account } : place
}

/** Gives a folder to PostgreSQL's account alone. */
export function giveTo(account: LowerAccount | undefined, folder: string) {
  chmodSync(folder, 0o700)
  if (account) chownSync(folder, account.uid, account.gid)
}

function makeRoot(dataDir: string, account: LowerAccount | undefined): string {
  const pointer = pointerFile(dataDir)
  if (existsSync(pointer)) return pointedRoot(pointer)
  const inside = rootIn(dataDir)
  mkdirSync(inside, { recursive: true, mode: account ? 0o711 : 0o700 })
  if (!account || canReach(account, '-x', inside)) return inside
  if (existsSync(join(inside, 'cluster'))) {
    throw new Error(
      `The database in ${inside} can no longer be reached by the account it runs under. ` +
        'Let others pass through its parent folders again (chmod o+x), or move the data folder.',
    )
  }
  const outside = `/var/lib/a-bit-extra-${shortHash(dataDir)}`
  mkdirSync(outside, { recursive: true, mode: 0o711 })
  writeFileSync(pointer, outside + '\n')
  return outside
}

function pointedRoot(pointer: string): string {
  const root = readFileSync(pointer, 'utf8').trim()
  if (existsSync(root)) return root
  throw new Error(
    `The database of this data folder stood in ${root}, which is not there. Bring it back; ` +
      `or, to begin with an empty database, delete ${pointer}.`,
  )
}

function makeSocketFolder(root: string, account: LowerAccount | undefined): string {
  const inside = join(root, 'socket')
  const owner = account?.uid ?? process.getuid?.() ?? 0
  const folder =
    Buffer.byteLength(inside) <= longestSocketFolder
      ? inside
      : join(shortTemporary(), `a-bit-extra-${owner}-${shortHash(root)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || (found.uid !== owner && found.uid !== process.getuid?.())) {
    throw new Error(
      `${folder} belongs to somebody else. Remove it, or choose a DATA_DIR with a shorter path.`,
    )
  }
  giveTo(account, folder)
  return folder
}

const shortTemporary = () => (Buffer.byteLength(tmpdir()) <= 40 ? tmpdir() : '/tmp')
