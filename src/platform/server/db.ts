import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { preparingPool, sharedPool } from '#platform/server/connections.ts'
import type { DB } from '#platform/server/schema.ts'

export type Database = DB
export type Db = Kysely<Database>
export type Trx = Transaction<Database>

/** Days stay "2027-10-18" and local times "2027-10-18T10:00": a Date would move them into this machine's zone. */
const types = new pg.TypeOverrides()
types.setTypeParser(1082, (day: string) => day)
types.setTypeParser(1114, (local: string) => local.slice(0, 16).replace(' ', 'T'))
types.setTypeParser(20, Number)
types.setTypeParser(1182, (days: string) => days.slice(1, -1).split(',').filter(Boolean))

/** Answers the address of a database as one word, for those that take nothing else. */
export const urlOf = (
  address: { connectionString: string } | { host: string; user: string; database: string },
): string =>
  'connectionString' in address
    ? address.connectionString
    : `postgresql://${address.user}@/${address.database}?host=${encodeURIComponent(address.host)}`

function poolOf(url: string, max: number, more: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 60_000,
    options: '-c client_min_messages=warning',
    // What is asked together leaves together, also inside a transaction.
    pipeline: true,
    ...more,
  })
  // A connection that is dropped while idle is replaced by the pool, one in the middle of a transaction fails its next query;
  // but without a listener on both, Node would stop.
  const say = (error: Error): void => {
    // A pool that ends does not wait for its connections to close; a database that is stopped after it may be quicker.
    if (!pool.ending) process.stderr.write(`A database connection was lost: ${error.message}\n`)
  }
  pool.on('error', say)
  pool.on('connect', (client) => client.on('error', say))
  return pool
}

const plugins = () => [new CamelCasePlugin({ maintainNestedObjectKeys: true })]

/** Opens a pool to a database; `max` is the most connections it holds. A statement is given up after 15 seconds. */
export const connect = (url: string, max = 8): Db =>
  new Kysely<Database>({
    dialect: new PostgresDialect({ pool: preparingPool(poolOf(url, max)) }),
    plugins: plugins(),
  })

/** Opens connections for reading, on which the database itself refuses to write; `pick` answers the one with the least to do, for one request. */
export function connectForReading(url: string, count: number): { pick: () => Db; end: () => Promise<void> } {
  const readers = Array.from({ length: count }, () => {
    const options =
      '-c client_min_messages=warning -c plan_cache_mode=force_generic_plan -c default_transaction_read_only=on'
    const pool = sharedPool(poolOf(url, 1, { options }))
    return { pool, db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }), plugins: plugins() }) }
  })
  const least = (one: (typeof readers)[number], other: (typeof readers)[number]) =>
    other.pool.underWay() < one.pool.underWay() ? other : one
  return {
    pick: () => readers.reduce(least).db,
    end: async () => void (await Promise.all(readers.map((reader) => reader.db.destroy()))),
  }
}

/** Runs the work in one transaction, or in the one it is already in. */
export const inTransaction = <Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> =>
  db.isTransaction ? work(db as Trx) : db.transaction().execute(work)

/** Answers whether the database answers at all, within two seconds. */
export async function databaseAnswers(db: Db): Promise<boolean> {
  const late = new Promise<boolean>((done) => setTimeout(done, 2000, false).unref())
  return Promise.race([
    sql`select 1`.execute(db).then(
      () => true,
      () => false,
    ),
    late,
  ])
}
