import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkBackup } from '#platform/server/backup/check.ts'
import {
  databaseName,
  dropBeside,
  holdsSomething,
  makeBeside,
  refuseCompany,
  swap,
  urlBeside,
} from '#platform/server/backup/databases.ts'
import { fillStore, fillTables } from '#platform/server/backup/fill.ts'
import { type Manifest, markOf } from '#platform/server/backup/manifest.ts'
import { migrationsOf, openPlain } from '#platform/server/backup/tables.ts'
import { connect, type Db } from '#platform/server/db.ts'
import { migrate, migrationNames } from '#platform/server/migrate.ts'
import type { Store } from '#platform/server/storage.ts'

export type RestoreWish = {
  url: string
  store: Store
  dataDir: string
  file: string
  now: Date
  say: (line: string) => void
  /** What has to be so before the restored database gets the name under which it is found. */
  before: (db: Db) => Promise<void>
}
export type Restored = {
  manifest: Manifest
  /** The database that was there, under its new name; null when there was nothing in it. */
  kept: string | null
  secret: boolean
}

/** Brings a backup back into a database of its own beside the one that is there, and swaps their names at the end: until then nothing of the site has changed, and what was there is kept. The caller makes sure that no site runs. */
export async function restoreBackup(wish: RestoreWish): Promise<Restored> {
  wish.say('Reading the whole backup first…')
  const manifest = await checkBackup(wish.file)
  await refuseNewer(manifest)
  const name = await databaseName(wish.url)
  await refuseCompany(wish.url, name)
  const beside = await makeBeside(wish.url, name)
  let secret: string | null
  let kept: string
  try {
    await fillDatabase(urlBeside(wish.url, beside), wish, manifest)
    await sweep(wish.dataDir)
    secret = await fillStore(wish.store, wish.dataDir, { ...wish, manifest })
    wish.say('Changing over…')
    await refuseCompany(wish.url, name)
    kept = await swap(wish.url, { name, beside }, wish.now)
  } catch (error) {
    // What went wrong first is what is told; the next restore drops what this one leaves.
    await dropBeside(wish.url, beside).catch(() => undefined)
    throw error
  }
  if (secret !== null) await putSecret(wish.dataDir, secret, wish.now)
  const empty = !(await holdsSomething(urlBeside(wish.url, kept)))
  if (empty) await dropBeside(wish.url, kept)
  return { manifest, kept: empty ? null : kept, secret: secret !== null }
}

async function fillDatabase(url: string, wish: RestoreWish, manifest: Manifest): Promise<void> {
  const had = new Set(manifest.migrations)
  await migrate(url, { only: (name) => had.has(name) })
  await refuseNewerQueue(url, manifest)
  wish.say(`Tables: 0 of ${manifest.tables.length}`)
  await fillTables(url, { ...wish, manifest })
  wish.say(`Tables: all ${manifest.tables.length}`)
  await migrate(url)
  const db = connect(url, 1)
  try {
    await wish.before(db)
  } finally {
    await db.destroy()
  }
}

const newer = (what: string): Error =>
  new Error(
    `This backup was made by a newer version of this program (${what}). Bring this one up to date first, with git pull. Nothing was changed.`,
  )

async function refuseNewer(manifest: Manifest): Promise<void> {
  const known = new Set(await migrationNames())
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown !== undefined) throw newer(unknown)
}

async function refuseNewerQueue(url: string, manifest: Manifest): Promise<void> {
  const client = await openPlain(url)
  try {
    const { queue } = await migrationsOf(client)
    const unknown = manifest.queue.find((id) => !queue.includes(id))
    if (unknown !== undefined) throw newer(`its queue has ${unknown}`)
  } finally {
    await client.end()
  }
}

/** What restores that were killed have left of single files. */
async function sweep(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (/^restoring-\w{6}$/.test(name)) await rm(join(dataDir, name), { recursive: true, force: true })
}

async function putSecret(dataDir: string, secret: string, now: Date): Promise<void> {
  const file = join(dataDir, 'secret')
  const there = existsSync(file) ? (await readFile(file, 'utf8')).trim() : null
  if (there === secret) return
  if (there !== null)
    await rename(file, `${file}-before-${now.toISOString().slice(0, 19).replaceAll(':', '')}`)
  await writeFile(file, secret, { flag: 'wx', mode: 0o600 })
}

/** Answers whether a secret is the one that the backup's links and sealed evidence were made with. */
export const fitsSecret = (manifest: Manifest, secret: string): boolean =>
  markOf(secret) === manifest.secretMark
