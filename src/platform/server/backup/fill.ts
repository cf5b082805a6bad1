import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Store } from '#platform/server/storage.ts'
import { readBackup, wordsOf } from '#platform/server/backup/check.ts'
import { paced } from '#platform/server/backup/make.ts'
import {
  type Manifest,
  partOf,
  partOfTable,
  secretName,
  storedFile,
  type Table,
} from '#platform/server/backup/manifest.ts'
import { copied, openPlain, quoted, tablesOf } from '#platform/server/backup/tables.ts'

export type Filling = { file: string; manifest: Manifest; say: (line: string) => void }

/** Fills the tables of an empty database that had the same migrations, and sets its sequences; all or nothing. Needs to own the tables and no more. */
export async function fillTables(url: string, filling: Filling): Promise<void> {
  const client = await openPlain(url)
  try {
    await client.query('begin')
    const { tables, sequences } = filling.manifest
    await compare(client, tables)
    const keys = await dropForeignKeys(client)
    // Triggers have done their work when the rows were first written.
    for (const table of tables) await client.query(`alter table ${quoted(table)} disable trigger user`)
    await client.query(`truncate ${tables.map(quoted).join(', ')}`)
    await copyRows(client, filling)
    for (const one of sequences)
      await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(one), one.last, one.called])
    for (const table of tables) await client.query(`alter table ${quoted(table)} enable trigger user`)
    for (const key of keys) await client.query(`alter table ${key.of} add constraint ${key.name} ${key.says}`)
    await client.query('commit')
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

async function compare(client: pg.Client, tables: Table[]): Promise<void> {
  const here = new Map((await tablesOf(client)).map((table) => [partOfTable(table), table.columns]))
  const wrong = tables.find((table) =>
    table.columns.some((one) => !here.get(partOfTable(table))?.includes(one)),
  )
  const missing = [...here.keys()].find((name) => !tables.some((table) => partOfTable(table) === name))
  if (!wrong && missing === undefined) return
  const name = wrong ? partOfTable(wrong) : missing
  throw new Error(
    `The backup and this program do not agree about ${name}. Restore it with the version that made it, then update.`,
  )
}

type ForeignKey = { of: string; name: string; says: string }

/** Rows come table by table, so that some point at rows that are not there yet; put back, the keys check them all. */
async function dropForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  // With no path every name is written with its schema.
  await client.query(`set local search_path = ''`)
  const { rows } = await client.query<ForeignKey>(
    `select format('%I.%I', n.nspname, t.relname) as of, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as says
     from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
     where c.contype = 'f' and n.nspname in ('public', 'graphile_worker') order by 1, 2`,
  )
  await client.query('set local search_path to default')
  for (const key of rows) await client.query(`alter table ${key.of} drop constraint ${key.name}`)
  return rows
}

async function copyRows(client: pg.Client, { file, manifest, say }: Filling): Promise<void> {
  const tables = new Map(manifest.tables.map((table) => [partOfTable(table), table]))
  const counts = new Map<string, number>()
  const sayPaced = paced(say)
  for await (const entry of readBackup(file)) {
    const part = partOf(entry.name) ?? ''
    const table = tables.get(part)
    if (!table) break
    const into = client.query(copyFrom(`copy ${copied(table)} from stdin`))
    await pipeline(Readable.from(entry.body), into)
    counts.set(part, (counts.get(part) ?? 0) + into.rowCount)
    sayPaced(`Tables: ${counts.size} of ${tables.size}`)
  }
  for (const [part, table] of tables)
    if ((counts.get(part) ?? 0) !== table.rows)
      throw new Error(`${part} has ${counts.get(part) ?? 0} rows instead of ${table.rows}.`)
}

/** Puts every stored file of a backup into the store; one that is there already is written again, and is the same. Answers the secret, when the backup has one. */
export async function fillStore(store: Store, near: string, filling: Filling): Promise<string | null> {
  const folder = await mkdtemp(join(near, 'restoring-'))
  const sayPaced = paced(filling.say)
  let files = 0
  let secret: string | null = null
  try {
    for await (const entry of readBackup(filling.file)) {
      if (entry.name === secretName) secret = (await wordsOf(entry)).toString('utf8')
      const stored = storedFile(entry.name)
      if (!stored) continue
      const path = join(folder, randomBytes(8).toString('hex'))
      await pipeline(Readable.from(entry.body), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      await store.putFile(stored.space, stored.key, path)
      await rm(path)
      files += 1
      sayPaced(`Files: ${files}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  filling.say(`Files: all ${files}`)
  return secret
}
