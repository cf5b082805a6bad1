import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Entry } from '#platform/server/backup/tar.ts'
import { type Manifest, partOfTable, type Table } from '#platform/server/backup/manifest.ts'

const schemas = ['public', 'graphile_worker']
/** About how many bytes of a table lie in one file of a backup, and so in memory. */
const chunk = 4_000_000

/** Names a table or a sequence so that it can stand in a statement. */
export const quoted = (table: { schema: string; name: string }): string =>
  `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`

/** Names a table and those columns of it that a row brings along. */
export const copied = (table: Table): string =>
  `${quoted(table)} (${table.columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`

/** Opens one connection to a database on which values are written the same way on every machine, and no statement is given up. */
export async function openPlain(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A lost connection fails the statement under way; without a listener it would stop Node besides.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(
    `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1; set timezone = 'UTC';
     set bytea_output = 'hex'; set client_encoding = 'UTF8'; set row_security = off; set client_min_messages = warning;
     set statement_timeout = 0; set idle_in_transaction_session_timeout = 0`,
  )
  return client
}

/** Answers every table of ours and of the queue, with the columns that are not made from others. The queue's own list of migrations is left out: it says what this database is, not what it holds. */
export async function tablesOf(client: pg.Client): Promise<Omit<Table, 'rows'>[]> {
  const { rows } = await client.query<Omit<Table, 'rows'>>(
    `select n.nspname::text as schema, c.relname::text as name, array(
       select a.attname::text from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum
     ) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = any($1) and (n.nspname, c.relname) <> ('graphile_worker', 'migrations')
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by 1, 2`,
    [schemas],
  )
  return rows
}

/** Answers where every sequence of ours and of the queue stands. */
export async function sequencesOf(client: pg.Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    'select schemaname::text as schema, sequencename::text as name from pg_sequences where schemaname = any($1) order by 1, 2',
    [schemas],
  )
  const sequences: Manifest['sequences'] = []
  for (const row of rows) {
    const at = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${quoted(row)}`,
    )
    sequences.push({ ...row, last: at.rows[0]?.last ?? '1', called: at.rows[0]?.called ?? false })
  }
  return sequences
}

/** Answers which migrations the tables have had, and the queue's own. */
export async function migrationsOf(client: pg.Client): Promise<Pick<Manifest, 'migrations' | 'queue'>> {
  const own = await client.query<{ name: string }>('select name from public.migrations order by name')
  const queue = await client.query<{ id: number }>('select id from graphile_worker.migrations order by id')
  return { migrations: own.rows.map((row) => row.name), queue: queue.rows.map((row) => row.id) }
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/** Wraps bytes that are at hand as a file of a backup. */
export const entryOf = (name: string, bytes: Buffer): Entry => ({
  name,
  bytes: bytes.length,
  body: one(bytes),
})

/** Reads a table as files of whole rows; tells how many rows there were once all are read. */
export async function* readTable(
  client: pg.Client,
  table: Omit<Table, 'rows'>,
  counted: (rows: number) => void,
): AsyncGenerator<Entry> {
  const stream = client.query(copyTo(`copy ${copied({ ...table, rows: 0 })} to stdout`))
  const name = (number: number): string => `${partOfTable(table)}/${String(number).padStart(6, '0')}`
  let held: Buffer[] = []
  let size = 0
  let files = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    held.push(part)
    size += part.length
    if (size < chunk) continue
    // A line break inside a value is written as two letters, so that a real one always ends a row.
    const all = Buffer.concat(held)
    const end = all.lastIndexOf('\n') + 1
    held = [all.subarray(end)]
    size = all.length - end
    if (end > 0) yield entryOf(name((files += 1)), all.subarray(0, end))
  }
  if (size > 0) yield entryOf(name((files += 1)), Buffer.concat(held))
  counted(stream.rowCount)
}
