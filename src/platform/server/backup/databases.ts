import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openPlain } from '#platform/server/backup/tables.ts'

const longestName = 40
const leaving = 3_000
const keptName = /^(.+)_before_\d{4}_\d\d_\d\d(?:_\d+)?$/

/** Answers the address of another database on the same server. */
export function urlBeside(url: string, name: string): string {
  const [, server, , options = ''] = /^(\w+:\/\/[^/?]*\/)([^/?]+)(\?.*)?$/.exec(url) ?? []
  if (server === undefined) throw new Error('DATABASE_URL must name a database: postgres://…/name')
  return `${server}${encodeURIComponent(name)}${options}`
}

/** Answers what a database is called. */
export const databaseName = async (url: string): Promise<string> =>
  (await askOne<{ name: string }>(url, 'select current_database()::text as name')).name

/** Answers whether a database has had any migration of ours; one that was never started with has not. */
export const holdsSomething = async (url: string): Promise<boolean> =>
  (await askOne<{ there: boolean }>(url, `select to_regclass('public.migrations') is not null as there`))
    .there

async function askOne<Row extends pg.QueryResultRow>(url: string, question: string): Promise<Row> {
  const client = await openPlain(url)
  try {
    const [row] = (await client.query<Row>(question)).rows
    if (!row) throw new TypeError('One row was expected')
    return row
  } finally {
    await client.end()
  }
}

/** Does something on the server that cannot be done inside the database it is done to. */
async function outside<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await openPlain(urlBeside(url, 'postgres'))
  try {
    return await work(client)
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501')
      throw new Error(
        'The account of DATABASE_URL may not make or rename databases. On the server, as its superuser: ' +
          'alter role … createdb; and let that account own the database. Nothing was changed.',
        { cause: error },
      )
    throw error
  } finally {
    await client.end()
  }
}

/** Deletes a database, if it is there. Whoever is still in it has five seconds to leave; then what this account has open there is ended. */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  // Not "with (force)": that is refused while autovacuum, which belongs to the superuser, is at work there; a plain drop sends it away.
  const drop = `drop database if exists ${pg.escapeIdentifier(name)}`
  try {
    await client.query(drop)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '55006') throw error
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user',
      [name],
    )
    await client.query(drop)
  }
}

/** Makes an empty database beside one, with the same order of letters, and answers its name; what a killed restore left there goes. */
export async function makeBeside(url: string, name: string): Promise<string> {
  const beside = `${name.slice(0, longestName)}_restoring`
  await outside(url, async (client) => {
    await dropDatabase(client, beside)
    const { rows } = await client.query<{
      provider: string
      collate: string
      ctype: string
      locale: string | null
    }>(
      `select datlocprovider::text as provider, datcollate::text as collate, datctype::text as ctype,
         coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale
       from pg_database d where datname = $1`,
      [name],
    )
    const [like] = rows
    if (!like) throw new Error(`There is no database ${name}. Nothing was changed.`)
    const locale = pg.escapeLiteral(like.locale ?? '')
    const letters = {
      b: `locale_provider builtin builtin_locale ${locale}`,
      i: `locale_provider icu icu_locale ${locale}`,
    }
    const by = like.provider === 'b' || like.provider === 'i' ? letters[like.provider] : ''
    await client.query(
      `create database ${pg.escapeIdentifier(beside)} template template0 encoding 'UTF8'
       lc_collate ${pg.escapeLiteral(like.collate)} lc_ctype ${pg.escapeLiteral(like.ctype)} ${by}`,
    )
  })
  return beside
}

/** Answers how many are connected to a database; waits a little for those that are just leaving. */
async function companyIn(client: pg.Client, name: string): Promise<number> {
  for (const until = Date.now() + leaving; ;) {
    const found = await client.query<{ count: number }>(
      'select count(*)::int as count from pg_stat_activity where datname = $1 and usesysid is not null',
      [name],
    )
    const count = found.rows[0]?.count ?? 0
    if (count === 0 || Date.now() > until) return count
    await sleep(100)
  }
}

/** Throws a plain sentence when anybody is at work in a database. */
export async function refuseCompany(url: string, name: string): Promise<void> {
  const others = await outside(url, (client) => companyIn(client, name))
  if (others > 0)
    throw new Error(
      `Something is connected to the database ${name} (${others} times). Stop the site first, worker included. Nothing was changed.`,
    )
}

/** Gives one database the name of another, which gets a name with the day, in one transaction. Answers that name. */
export async function swap(url: string, names: { name: string; beside: string }, now: Date): Promise<string> {
  const { name, beside } = names
  const day = now.toISOString().slice(0, 10).replaceAll('-', '_')
  return outside(url, async (client) => {
    const there = await client.query<{ datname: string }>('select datname::text from pg_database')
    const taken = new Set(there.rows.map((row) => row.datname))
    const first = `${name.slice(0, longestName)}_before_${day}`
    let kept = first
    for (let number = 2; taken.has(kept); number += 1) kept = `${first}_${number}`
    const rename = (from: string, to: string): string =>
      `alter database ${pg.escapeIdentifier(from)} rename to ${pg.escapeIdentifier(to)}`
    await client.query('begin')
    await client.query(rename(name, kept))
    await client.query(rename(beside, name))
    await client.query('commit')
    return kept
  })
}

/** Deletes a database that was made on the way and never got a name of its own. Connections that are being closed are not cut off: whoever closes one would take that for an error. */
export const dropBeside = (url: string, name: string): Promise<void> =>
  outside(url, async (client) => {
    await companyIn(client, name)
    await dropDatabase(client, name)
  })

/** Deletes a database that an earlier restore kept; throws a plain sentence for any other name. */
export async function dropKept(url: string, kept: string): Promise<void> {
  const [, of] = keptName.exec(kept) ?? []
  const name = await databaseName(url)
  await outside(url, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [kept])
    if (of !== name.slice(0, longestName) || found.rowCount === 0)
      throw new Error(`${kept} is not a database that a restore kept. Nothing was deleted.`)
    await dropDatabase(client, kept)
  })
}
