import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
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

/** Opens a pool to a database; `max` is the most connections it holds. A statement is given up after 15 seconds. */
export function connect(url: string, max = 8): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 60_000,
  })
  // A connection that is dropped while idle is replaced by the pool, one in the middle of a transaction fails its next query;
  // but without a listener on both, Node would stop.
  const say = (error: Error): void =>
    void process.stderr.write(`A database connection was lost: ${error.message}\n`)
  pool.on('error', say)
  pool.on('connect', (client) => client.on('error', say))
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
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
