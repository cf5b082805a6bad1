import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { openPlain, quoted, sequencesOf, tablesOf } from '#platform/server/backup/tables.ts'
import type { Db } from '#platform/server/db.ts'
import { newKey, type Store } from '#platform/server/storage.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { makeActivity, makeStory, makeWeek } from './make.ts'

const folders: string[] = []
export const now = new Date('2027-10-20T12:00:00Z')
export const secret = 'a secret of at least thirty-two letters'
export const program = join(import.meta.dirname, 'programs/killed-backup.ts')

export type Place = { dataDir: string; store: Store; storeFolder: string }

/** A data folder with a store of its own. */
export function openPlace(): Place {
  const dataDir = mkdtempSync(join(tmpdir(), 'abe-backup-'))
  folders.push(dataDir)
  const storeFolder = join(dataDir, 'store')
  mkdirSync(storeFolder)
  return { dataDir, storeFolder, store: fileStore(storeFolder) }
}

export function removePlaces(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Fills a database with every kind of value that could get lost on the way, and its store with three files. */
export async function fillSite(db: Db, { dataDir, store }: Place): Promise<void> {
  // Towns enough to see that they come back.
  await db.deleteFrom('places').where('population', '<', 1_000_000).execute()
  await makeWeek(db)
  await makeActivity(db)
  await makeStory(db, { title: 'Tab\tline\nback\\slash \\. \\N "quoted", and 🙂' })
  // More than one file of a backup holds.
  await sql`insert into redirects select '/old/' || n, repeat(md5(n::text), 40) from generate_series(1, 3500) n`.execute(
    db,
  )
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const withdrawn = { sha256: bytes, ends: '2028-01-01T00:00:00.123456Z' }
  await db
    .insertInto('withdrawnHashes')
    .values([withdrawn, { ...withdrawn, sha256: bytes.subarray(1) }])
    .execute()
  await sql`select graphile_worker.add_job('remember', '{"story": 7}', run_at := '2031-01-01')`.execute(db)
  await sql`select graphile_worker.add_job('remember', '{}', queue_name := 'one', job_key := 'k')`.execute(db)
  for (const [space, size] of [
    ['originals', 400_000],
    ['renditions', 700],
    ['renditions', 0],
  ] as const) {
    const path = join(dataDir, 'made')
    writeFileSync(path, randomBytes(size))
    await store.putFile(space, newKey(), path)
    rmSync(path)
  }
}

/** Answers every table of a database as text, row by row, and where its sequences stand. */
export async function imageOf(url: string): Promise<Record<string, unknown>> {
  const client = await openPlain(url)
  try {
    const image: Record<string, unknown> = { sequences: await sequencesOf(client) }
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query<{ hash: string }>(
        `select count(*) || ' ' || md5(string_agg(t::text, E'\\n' order by t::text)) as hash from ${quoted(table)} t`,
      )
      image[quoted(table)] = rows[0]?.hash
    }
    return image
  } finally {
    await client.end()
  }
}

/** Answers every file of a store with its bytes. */
export async function filesOf(store: Store): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const space of ['originals', 'renditions'] as const)
    for await (const { key } of store.list(space)) {
      const found = await store.get(space, key)
      if (found) files[`${space}/${key}`] = (await buffer(found.body)).toString('base64')
    }
  return files
}

/** Runs one statement in a database and answers its rows. */
export async function askIn<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = await openPlain(url)
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}

/** Makes or restores a backup in a process that kills itself when it says a line; answers the signal it ended by. */
export async function killedAt(
  what: 'make' | 'restore',
  at: { line: string; url: string; file: string; place: Place },
): Promise<NodeJS.Signals | null> {
  const args = [program, what, at.line, at.url, at.file, at.place.dataDir]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}
