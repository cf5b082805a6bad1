import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

const ownFolder = join(import.meta.dirname, '../../../db/migrations')

/** Answers the names of all migrations, in their order. */
export async function migrationNames(folder = ownFolder): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}_[a-z-]+\.sql$/.test(name)).toSorted()
}

/** Applies every file of the migrations folder that this database has not had (or only some of them), each in its own transaction, then the queue's own. Answers their names. Two at once wait for each other. */
export async function migrate(
  url: string,
  { folder = ownFolder, only = () => true }: { folder?: string; only?: (name: string) => boolean } = {},
): Promise<string[]> {
  const files = (await migrationNames(folder)).filter(only)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A lost connection fails the statement under way; without a listener it would stop Node besides.
  client.on('error', () => undefined)
  await client.connect()
  const applied: string[] = []
  try {
    await client.query('select pg_advisory_lock(7302016)')
    await client.query(
      'create table if not exists migrations (name text primary key, applied timestamptz not null default now())',
    )
    const had = new Set(
      (await client.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name),
    )
    for (const name of files.filter((file) => !had.has(file))) {
      await client.query('begin')
      await client.query(await readFile(join(folder, name), 'utf8'))
      await client.query('insert into migrations (name) values ($1)', [name])
      await client.query('commit')
      applied.push(name)
    }
    await runMigrations({ connectionString: url })
  } finally {
    await client.end()
  }
  return applied
}
