import { createHash, randomUUID } from 'node:crypto'
import { constants, mkdirSync, readdirSync } from 'node:fs'
import { chmod, copyFile, link, open, readFile, rename, writeFile } from 'node:fs/promises'
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

/** Answers the name of the one ledger in the data folder; null when there is none, or more. */
export function onlyLedger(): string | null {
  const [one, ...others] = ledgersThere()
  return one !== undefined && others.length === 0 ? one : null
}

/** How much of the end of the file is read to find the last entry; an entry is well under a kilobyte. */
const tailBytes = 64 * 1024

/** Chains entries one after the other behind an end. */
export function chained(entries: readonly Entry[], end: Tail): Kept[] {
  let { n, hash } = end
  return entries.map((entry) => {
    const kept: Kept = { n: n + 1, previous: hash, entry, hash: hashOf(n + 1, hash, entry) }
    n = kept.n
    hash = kept.hash
    return kept
  })
}

const linesOf = (kept: readonly Kept[]): string => kept.map((one) => `${JSON.stringify(one)}\n`).join('')

/** Appends entries after what the file ends with and answers its new end once they lie on the disk for certain. A last line that was cut off is removed: its transaction never ended. `from` is where a new file begins, and where a damaged one goes on: no number stands for two entries. */
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
    const found = whole === '' ? null : tailOf(whole.trimEnd().split('\n').at(-1) ?? '', from)
    const kept = chained(entries, found && found.n >= from.n ? found : from)
    const end = kept.at(-1) ?? from
    if (start + last + 1 < size) await file.truncate(start + last + 1)
    await file.write(Buffer.from(linesOf(kept)), 0, null, start + last + 1)
    await file.datasync()
    if (isNew) await syncFolder()
    return { end: { n: end.n, hash: end.hash }, found }
  } finally {
    await file.close()
  }
}

/** A last line that nobody can read is an end that fits nowhere: hiding goes on, and everything closes. */
function tailOf(line: string, from: Tail): Tail {
  const read = readLine(line)
  return read ? { n: read.n, hash: read.hash } : { n: from.n, hash: '' }
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

/** Begins a ledger with lines that were read elsewhere. */
export async function beginLedger(ledger: string, kept: readonly Kept[]): Promise<void> {
  ledgersThere()
  await writeFile(ledgerPath(ledger), linesOf(kept), { mode: 0o600, flag: 'wx', flush: true })
  await syncFolder()
}

/** Puts a whole file into the place of a ledger that is not there. */
export async function settleLedger(from: string, ledger: string): Promise<void> {
  await copyFile(from, ledgerPath(ledger), constants.COPYFILE_EXCL)
  await chmod(ledgerPath(ledger), 0o600)
  await syncFolder()
}

/** Puts a ledger into the place of a damaged one, which stays beside it under another name and is not read any more; killed in the middle, one of the two is there. */
export async function replaceLedger(ledger: string, kept: readonly Kept[]): Promise<void> {
  const path = ledgerPath(ledger)
  const unique = randomUUID().slice(0, 8)
  const fresh = `${path}.new-${unique}`
  await writeFile(fresh, linesOf(kept), { mode: 0o600, flag: 'wx', flush: true })
  await link(path, `${path}.damaged-${unique}`)
  await rename(fresh, path)
  await syncFolder()
}

/** What can be read of a ledger. */
export type Reading = {
  /** Every line that is sound by itself, in its order. */
  sound: Kept[]
  /** The first line, from 1, that cannot be read or does not follow from the one before; null: all is whole. */
  brokenAt: number | null
  /** The highest number that a line of it can have, also one that cannot be read. */
  end: number
}

/** Answers what can be read of a file with a ledger. A last line that was cut off is left out. */
export async function readLines(path: string): Promise<Reading> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
  const reading: Reading = { sound: [], brokenAt: null, end: lines.length }
  lines.forEach((line, at) => {
    const one = readLine(line)
    const sound = one !== null && hashOf(one.n, one.previous, one.entry) === one.hash
    const before = reading.sound.at(-1)
    const follows = !before || (one?.n === before.n + 1 && one.previous === before.hash)
    if (!sound || !follows) reading.brokenAt ??= at + 1
    if (!sound) return
    reading.sound.push(one)
    reading.end = Math.max(reading.end, one.n + lines.length - 1 - at)
  })
  return reading
}

/** Answers what can be read of a ledger; null when there is no such file. */
export const readLedger = async (ledger: string): Promise<Reading | null> =>
  ledgersThere().includes(ledger) ? readLines(ledgerPath(ledger)) : null

/** Answers every entry that a ledger here still says. */
export async function entriesHere(): Promise<Entry[]> {
  const readings = await Promise.all(ledgersThere().map(readLedger))
  return readings.flatMap((read) => read?.sound ?? []).map(({ entry }) => entry)
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
