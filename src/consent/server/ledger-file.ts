import { createHash, randomUUID } from 'node:crypto'
import { constants, mkdirSync, readdirSync } from 'node:fs'
import { chmod, copyFile, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical } from '#consent/server/canonical.ts'
import type { Entry } from '#consent/ledgered.ts'
import { readConfig } from '#platform/server/config.ts'

/** An entry in its place: each carries the hash of the one before. */
export type Kept = { n: number; previous: string; entry: Entry; hash: string }
export type Tail = { n: number; hash: string }

const folder = (): string => join(readConfig().dataDir, 'ledger')

/** Answers where a ledger lies. */
export const ledgerPath = (ledger: string): string => join(folder(), `${ledger}.jsonl`)

const hashOf = (n: number, previous: string, entry: Entry): string =>
  createHash('sha256')
    .update(`${previous}\n${n}\n${canonical(entry)}`)
    .digest('base64url')

/** Answers the names of the ledgers in the data folder. */
export function ledgersThere(): string[] {
  mkdirSync(folder(), { recursive: true, mode: 0o700 })
  return readdirSync(folder())
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
}

/** How much of the end of the file is read to find the last entry; an entry is well under a kilobyte. */
const tailBytes = 64 * 1024

/** Appends entries after what the file ends with and answers its new end once they lie on the disk for certain. A last line that was cut off is removed: its transaction never ended. `from` is where a new file begins. */
export async function appendToFile(
  ledger: string,
  entries: readonly Entry[],
  from: Tail,
): Promise<{ end: Tail; found: Tail | null }> {
  const isNew = !ledgersThere().includes(ledger)
  const file = await open(ledgerPath(ledger), isNew ? 'wx+' : 'r+', 0o600)
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
    const last = buffer.subarray(0, bytesRead).lastIndexOf(10)
    const whole = buffer.subarray(0, last + 1).toString()
    const found = whole === '' ? null : tailOf(whole.trimEnd().split('\n').at(-1) ?? '')
    let end = found ?? from
    const lines = entries.map((entry) => {
      const kept: Kept = { n: end.n + 1, previous: end.hash, entry, hash: hashOf(end.n + 1, end.hash, entry) }
      end = { n: kept.n, hash: kept.hash }
      return JSON.stringify(kept) + '\n'
    })
    if (start + last + 1 < size) await file.truncate(start + last + 1)
    await file.write(Buffer.from(lines.join('')), 0, null, start + last + 1)
    await file.datasync()
    if (isNew) await syncFolder()
    return { end, found }
  } finally {
    await file.close()
  }
}

const tailOf = (line: string): Tail => {
  const { n, hash } = JSON.parse(line) as Kept
  return { n, hash }
}

/** A new name in a folder is on the disk only when the folder is. */
async function syncFolder(): Promise<void> {
  const file = await open(folder(), 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Lays a ledger aside that somebody has looked at: it stays, and is not read any more. */
export async function layAside(ledger: string): Promise<void> {
  if (!ledgersThere().includes(ledger)) return
  await rename(ledgerPath(ledger), `${ledgerPath(ledger)}.looked-at-${randomUUID().slice(0, 8)}`)
  await syncFolder()
}

/** Puts a whole file into the place of a ledger that is not there. */
export async function settleLedger(from: string, ledger: string): Promise<void> {
  await copyFile(from, ledgerPath(ledger), constants.COPYFILE_EXCL)
  await chmod(ledgerPath(ledger), 0o600)
  await syncFolder()
}

/** Answers all entries of a ledger in their order; null when there is no such file, "broken" when one does not follow from the one before. A last line that was cut off is left out. */
export async function readLedger(ledger: string): Promise<Kept[] | null | 'broken'> {
  if (!ledgersThere().includes(ledger)) return null
  const lines = (await readFile(ledgerPath(ledger), 'utf8')).split('\n').slice(0, -1)
  const kept: Kept[] = []
  for (const line of lines) {
    const one = readLine(line)
    const before = kept.at(-1)
    if (!one || hashOf(one.n, one.previous, one.entry) !== one.hash) return 'broken'
    if (before && (one.n !== before.n + 1 || one.previous !== before.hash)) return 'broken'
    kept.push(one)
  }
  return kept
}

function readLine(line: string): Kept | null {
  try {
    const read: unknown = JSON.parse(line)
    const sound =
      typeof read === 'object' && read !== null && 'n' in read && 'hash' in read && 'entry' in read
    return sound ? (read as Kept) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
