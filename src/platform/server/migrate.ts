import { once } from 'node:events'
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
    await makeQueue(url)
  } finally {
    await client.end()
  }
  return applied
}

/** Over connections that are closed when it is done: one that is still open when a database stops would end the program that stopped it. */
async function makeQueue(url: string): Promise<void> {
  const pgPool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 })
  pgPool.on('error', () => undefined)
  pgPool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await runMigrations({ pgPool })
  } finally {
    // A pool that ends does not wait for its connections to close.
    const closed = pgPool.totalCount > 0 ? once(pgPool, 'remove') : null
    await pgPool.end()
    await closed
  }
}
