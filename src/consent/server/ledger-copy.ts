import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry } from '#consent/ledgered.ts'
import {
  ledgerPath,
  ledgersThere,
  readLines,
  settleLedger,
  type Reading,
} from '#consent/server/ledger-file.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Task } from '#platform/server/queue.ts'
import type { Store } from '#platform/server/storage.ts'

/** A ledger's name as a key of the store, and back: 32 letters of 40, the rest is empty. */
const keyOf = (ledger: string): string => {
  const name = ledger.replaceAll('-', '').padEnd(40, '0')
  return `${name.slice(0, 2)}/${name.slice(2)}`
}
const ledgerIn = (key: string): string =>
  key
    .replace('/', '')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

async function sizesIn(store: Store): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for await (const { key, bytes } of store.list('ledger')) sizes.set(ledgerIn(key), bytes)
  return sizes
}

/** Makes the task of the clock that copies the ledgers, which only ever grow, to the store. Runs twice without harm. */
export const copyLedgers =
  (store: Store): Task =>
  async () => {
    const there = await sizesIn(store)
    for (const ledger of ledgersThere()) {
      const path = ledgerPath(ledger)
      const { size } = await stat(path)
      const copied = there.get(ledger)
      // A shorter file is a damaged one; the copy is then the better of the two.
      if (size <= (copied ?? 0)) continue
      // So it is when a damaged file, or one that was begun anew, was written on.
      const { sound, brokenAt } = await readLines(path)
      if (copied !== undefined && (brokenAt !== null || sound[0]?.n !== 1)) continue
      await copyOne(store, ledger, path)
    }
  }

/** The store may keep a second name of what it is given, and the ledger is written on. */
async function copyOne(store: Store, ledger: string, path: string): Promise<void> {
  const folder = await mkdtemp(join(readConfig().dataDir, 'copying-'))
  try {
    const copy = join(folder, 'ledger')
    await copyFile(path, copy)
    await store.putFile('ledger', keyOf(ledger), copy)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Fetches the copy of a ledger and lets `use` read it where it lies for the moment; null when there is none. */
async function withCopy<T>(
  store: Store,
  ledger: string,
  use: (path: string) => Promise<T>,
): Promise<T | null> {
  const folder = await mkdtemp(join(readConfig().dataDir, 'copying-'))
  try {
    const copy = join(folder, 'ledger')
    return (await store.fetchTo('ledger', keyOf(ledger), copy)) ? await use(copy) : null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Answers what can be read of the copy of a ledger in the store; null when there is none. */
export const readCopy = (store: Store, ledger: string): Promise<Reading | null> =>
  withCopy(store, ledger, readLines)

/** Answers every entry that a copy in the store still says. */
export async function copiedEntries(store: Store): Promise<Entry[]> {
  const readings: (Reading | null)[] = []
  for (const ledger of (await sizesIn(store)).keys()) readings.push(await readCopy(store, ledger))
  return readings.flatMap((read) => read?.sound ?? []).map(({ entry }) => entry)
}

/** Copies one ledger and forgets the copies of all others: what goes on from there says all that they said. */
export async function copyOnly(store: Store, ledger: string): Promise<void> {
  await copyOne(store, ledger, ledgerPath(ledger))
  for (const other of (await sizesIn(store)).keys())
    if (other !== ledger) await store.delete('ledger', keyOf(other))
}

/** Brings the ledgers back whose file is gone from the data folder, and answers how many; one that is there stays as it is. */
export async function bringLedgers(store: Store): Promise<number> {
  const here = new Set(ledgersThere())
  const missing = [...(await sizesIn(store)).keys()].filter((ledger) => !here.has(ledger))
  for (const ledger of missing) await withCopy(store, ledger, (copy) => settleLedger(copy, ledger))
  return missing.length
}
