import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import pg, { type Pool, type PoolClient } from 'pg'

/** How often a statement is seen before it is prepared, and how many are kept so: each costs memory in every connection. */
const seenBefore = 2
const mostPrepared = 200
const mostCounted = 2000

/** Names what one pool prepares: what is asked often of another takes no place here. */
function namesOfPool(): (statement: string) => string | null {
  const counts = new Map<string, number>()
  const names = new Map<string, string>()
  return (statement) => {
    const known = names.get(statement)
    if (known !== undefined) return known
    if (names.size >= mostPrepared) return null
    const count = (counts.get(statement) ?? 0) + 1
    if (count <= seenBefore) {
      if (counts.size >= mostCounted) counts.clear()
      counts.set(statement, count)
      return null
    }
    counts.delete(statement)
    const name = `s${names.size}`
    names.set(statement, name)
    return name
  }
}

type AskOn = (
  client: PoolClient,
  statement: string,
  parameters: readonly unknown[],
) => Promise<PostgresQueryResult<unknown>>

/** Makes how one pool asks: what comes again and again under a name. */
function asking(): AskOn {
  const nameFor = namesOfPool()
  return async (client, statement, parameters) => {
    const often = parameters.length > 0 || statement === 'begin' || statement === 'commit'
    const name = often ? nameFor(statement) : null
    const answer = await (name === null
      ? client.query<object>(statement, [...parameters])
      : client.query<object>({ name, text: statement, values: [...parameters] }))
    return answer as PostgresQueryResult<unknown>
  }
}

type Ask = (statement: string, parameters: readonly unknown[]) => Promise<PostgresQueryResult<unknown>>

/** What Kysely wants of a connection. */
function clientOf(run: Ask, release: (destroy?: boolean) => void): PostgresPoolClient {
  function query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  function query(asked: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof asked !== 'string') throw new Error('A pipelined connection has no cursors')
    return run(asked, parameters)
  }
  return { query, release }
}

/** Makes a pool whose connections prepare the statements that come again and again: parsing and planning them each time took a third of the database's work for a page. */
export function preparingPool(pool: Pool): PostgresPool {
  const ask = asking()
  const made = new WeakMap<PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const known = made.get(client)
      if (known) return known
      const one = clientOf(
        (statement, parameters) => ask(client, statement, parameters),
        (destroy) => client.release(destroy),
      )
      made.set(client, one)
      return one
    },
  }
}

/** What ended with the connection, rather than with its statement. */
const lost = (error: unknown): boolean => !(error instanceof pg.DatabaseError && error.severity === 'ERROR')

/** Lets what is asked of a connection in one turn leave in one write: a write of its own for each question is a fifth of what a page costs. */
function gathering({ connection: { stream } }: PoolClient): () => void {
  let gathers = false
  return () => {
    if (gathers) return
    gathers = true
    stream.cork()
    setImmediate(() => {
      gathers = false
      stream.uncork()
    })
  }
}

type Shared = { client: PoolClient; gather: () => void; uses: number; lost: boolean }

/** Makes a pool of one connection on which many questions are under way at once, for reading only: a page's questions go out together and are answered in turn, which halves the work of asking. It has no transactions. */
export function sharedPool(pool: Pool): PostgresPool & { underWay: () => number } {
  const ask = asking()
  let shared: Shared | null = null
  let opening: Promise<Shared> | null = null
  let underWay = 0
  const open = async (): Promise<Shared> => {
    const client = await pool.connect()
    const opened = { client, gather: gathering(client), uses: 0, lost: false }
    shared = opened
    return opened
  }
  const leave = (mine: Shared): void => {
    mine.uses -= 1
    if (mine.uses > 0) return
    if (shared === mine) shared = null
    mine.client.release(mine.lost)
  }
  const query = async (mine: Shared, statement: string, parameters: readonly unknown[]) => {
    if (statement === 'begin') throw new Error('A reading connection has no transactions')
    underWay += 1
    mine.gather()
    try {
      return await ask(mine.client, statement, parameters)
    } catch (error) {
      // Whoever comes after a lost connection gets a new one.
      if (lost(error)) {
        mine.lost = true
        if (shared === mine) shared = null
      }
      throw error
    } finally {
      underWay -= 1
    }
  }
  return {
    options: pool.options,
    end: () => pool.end(),
    underWay: () => underWay,
    connect: async () => {
      const mine = shared ?? (await (opening ??= open().finally(() => (opening = null))))
      mine.uses += 1
      return clientOf(
        (statement, parameters) => query(mine, statement, parameters),
        () => leave(mine),
      )
    },
  }
}
