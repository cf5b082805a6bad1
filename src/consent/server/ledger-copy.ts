import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ledgerPath, ledgersThere, settleLedger } from '#consent/server/ledger-file.ts'
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
      // A shorter file is a damaged one; the copy is then the better of the two.
      if (size > (there.get(ledger) ?? 0)) await copyOne(store, ledger, path)
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

/** Brings the ledgers back whose file is gone from the data folder, and answers how many; one that is there stays as it is. */
export async function bringLedgers(store: Store): Promise<number> {
  const here = new Set(ledgersThere())
  const missing = [...(await sizesIn(store)).keys()].filter((ledger) => !here.has(ledger))
  for (const ledger of missing) {
    const folder = await mkdtemp(join(readConfig().dataDir, 'copying-'))
    try {
      const copy = join(folder, 'ledger')
      if (await store.fetchTo('ledger', keyOf(ledger), copy)) await settleLedger(copy, ledger)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return missing.length
}
