import { createWriteStream } from 'node:fs'
import { link, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { orGone } from '#platform/server/gone.ts'
import type { Space, Store } from '#platform/server/storage.ts'
import {
  type Manifest,
  manifestName,
  markOf,
  partOf,
  secretName,
  weigh,
} from '#platform/server/backup/manifest.ts'
import {
  entryOf,
  migrationsOf,
  openPlain,
  readTable,
  sequencesOf,
  tablesOf,
} from '#platform/server/backup/tables.ts'
import { type Entry, pack } from '#platform/server/backup/tar.ts'

export type BackupWish = {
  url: string
  store: Store
  secret: string
  withSecret: boolean
  /** Where the finished file goes. */
  to: string
  now: Date
  say: (line: string) => void
}
type Weighing = ReturnType<typeof weigh>

const spaces: readonly Space[] = ['originals', 'renditions']
const saidEvery = 3_000
const forgottenAfter = 60 * 60_000

/** Answers where a backup goes: the folder or file that was asked for, else a new one in the data folder. */
export async function placeOfBackup(dataDir: string, asked: string | undefined, now: Date): Promise<string> {
  const name = `a-bit-extra-${now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}.tar.gz`
  if (asked === undefined) return join(dataDir, 'backups', name)
  const found = await orGone(stat(asked), null)
  if (found?.isDirectory()) return resolve(asked, name)
  if (found) throw new Error(`There is already a file ${asked}. Nothing was written.`)
  return resolve(asked)
}

/** Writes one file with every table as it is at one moment, the stored files and, when asked, the secret; the site may go on serving. It bears its name only when it is whole. Answers what it holds. */
export async function makeBackup(wish: BackupWish): Promise<Manifest> {
  const folder = dirname(wish.to)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await sweep(folder)
  const half = join(folder, `.${basename(wish.to)}.${process.pid}.half`)
  const made: { manifest?: Manifest } = {}
  try {
    const archive = Readable.from(pack(everything(wish, (manifest) => (made.manifest = manifest))))
    await pipeline(archive, createGzip({ level: 3 }), createWriteStream(half, { flags: 'wx', mode: 0o600 }))
    await settle(half)
    // A second name, unlike a new one, never replaces what is there.
    await link(half, wish.to)
    await settle(folder)
  } finally {
    await rm(half, { force: true })
  }
  if (!made.manifest) throw new TypeError('A backup ended without a manifest')
  return made.manifest
}

/** Removes what backups that were killed have left behind. One that is being written is younger. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^\..+\.\d+\.half$/.test(name)) continue
    const found = await orGone(stat(join(folder, name)), null)
    if (found && found.mtimeMs < Date.now() - forgottenAfter) await rm(join(folder, name), { force: true })
  }
}

async function settle(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* everything(wish: BackupWish, done: (manifest: Manifest) => void): AsyncGenerator<Entry> {
  const weighing = weigh()
  const database: DatabasePart = { tables: [], sequences: [], migrations: [], queue: [] }
  yield* weighed(databaseEntries(wish, database), weighing)
  yield* weighed(storeEntries(wish), weighing)
  if (wish.withSecret) yield* weighed(secretEntries(wish.secret), weighing)
  const manifest: Manifest = {
    what: 'a-bit-extra backup',
    version: 1,
    made: wish.now.toISOString(),
    ...database,
    secretMark: markOf(wish.secret),
    parts: weighing.parts(),
  }
  yield entryOf(manifestName, Buffer.from(JSON.stringify(manifest, null, 1)))
  done(manifest)
}

async function* secretEntries(secret: string): AsyncGenerator<Entry> {
  yield entryOf(secretName, Buffer.from(secret))
}

async function* weighed(entries: AsyncIterable<Entry>, weighing: Weighing): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    const part = partOf(entry.name)
    if (part === null) throw new TypeError(`${entry.name} has no place in a backup`)
    yield { ...entry, body: tapped(entry.body, weighing.begin(part, entry)) }
  }
}

async function* tapped(body: AsyncIterable<Buffer>, tap: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    tap(chunk)
    yield chunk
  }
}

type DatabasePart = Pick<Manifest, 'tables' | 'sequences' | 'migrations' | 'queue'>

/** All tables in one snapshot; what sequences say is read after, for they only rise. */
async function* databaseEntries(wish: BackupWish, into: DatabasePart): AsyncGenerator<Entry> {
  const client = await openPlain(wish.url)
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    Object.assign(into, await migrationsOf(client))
    const tables = await tablesOf(client)
    const say = paced(wish.say)
    for (const [done, table] of tables.entries()) {
      say(`Tables: ${done} of ${tables.length}`)
      yield* readTable(client, table, (rows) => into.tables.push({ ...table, rows }))
    }
    into.sequences = await sequencesOf(client)
    await client.query('commit')
    wish.say(`Tables: all ${tables.length}`)
  } finally {
    await client.end()
  }
}

/** A file that goes away while the backup runs was erased, and is left out. */
async function* storeEntries({ store, say }: BackupWish): AsyncGenerator<Entry> {
  let files = 0
  const sayPaced = paced(say)
  for (const space of spaces) {
    for await (const { key } of store.list(space)) {
      const found = await store.get(space, key)
      if (!found) continue
      sayPaced(`Files: ${files}`)
      yield { name: `store/${space}/${key}`, bytes: found.bytes, body: found.body as AsyncIterable<Buffer> }
      files += 1
    }
  }
  say(`Files: all ${files}`)
}

/** Lets a line through now and then. */
export function paced(say: (line: string) => void): (line: string) => void {
  let last = Date.now()
  return (line) => {
    if (Date.now() - last < saidEvery) return
    last = Date.now()
    say(line)
  }
}
