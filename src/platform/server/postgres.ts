import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { runnableBinaries } from './postgres/binaries.ts'
import { makeCluster } from './postgres/cluster.ts'
import { makePlace, type Place } from './postgres/place.ts'
import {
  findOrphan,
  type Postmaster,
  readPidFile,
  spawnPostgres,
  stopPostmaster,
} from './postgres/postmaster.ts'

/** How to reach a database; `pg` and `connect` of `db.ts` take it as it is. */
export type DatabaseAddress = { connectionString: string } | { host: string; user: string; database: string }

export type PostgresOptions = {
  dataDir: string
  /** More `name=value` settings, after ours. */
  settings?: string[]
  /** False only for data that nobody would miss. */
  durable?: boolean
  /** Called when PostgreSQL keeps dying and is not started again. */
  gaveUp?: (reason: Error) => void
}

export type RunningPostgres = {
  address: { host: string; user: string; database: string }
  /** True when a PostgreSQL of an earlier start was found running and taken over. */
  adopted: boolean
  /** Where its files lie: in the data folder, or elsewhere when its account cannot get in there. */
  folder: string
  pid: () => number
  stop: () => Promise<void>
}

const ownName = 'abitextra'
const startLimit = 120_000
const retryLimit = 15_000
const quickDeaths = { count: 5, within: 60_000 }

/** Small, durable, and on a unix socket only. */
const settingsFor = (place: Place, options: PostgresOptions) => [
  'listen_addresses=',
  `unix_socket_directories=${place.socket}`,
  'unix_socket_permissions=0700',
  'port=5432',
  'max_connections=40',
  'shared_buffers=48MB',
  'jit=off',
  'random_page_cost=1.1',
  'io_method=sync',
  'wal_level=minimal',
  'max_wal_senders=0',
  'min_wal_size=80MB',
  'max_wal_size=512MB',
  'autovacuum_max_workers=2',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  ...(options.durable === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ...(options.settings ?? []),
]

/**
 * Starts the embedded PostgreSQL of a data folder and keeps it running; makes database files on the first start.
 * The caller holds the folder's lock. Answers when the database takes connections; throws a plain sentence otherwise.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const place = makePlace(options.dataDir)
  const binaries = runnableBinaries(place)
  makeCluster(place, binaries, options.durable !== false)
  const launch = () => launchUntilReady(place, binaries, settingsFor(place, options))
  const first = await launch()
  await makeDatabase(place.socket)
  const kept = keepRunning(first, launch, options.gaveUp)
  const address = { host: place.socket, user: ownName, database: ownName }
  return { address, adopted: first.adopted, folder: place.root, ...kept }
}

/** Restarts PostgreSQL whenever it ends by itself, until it ends too often too quickly. */
function keepRunning(
  first: Postmaster,
  launch: () => Promise<Postmaster>,
  gaveUp: PostgresOptions['gaveUp'],
) {
  let current = first
  let stopping = false
  const deaths: number[] = []
  const watch = async () => {
    while (!stopping) {
      await current.ended
      if (stopping) return
      deaths.push(Date.now())
      if (deaths.filter((time) => time > Date.now() - quickDeaths.within).length >= quickDeaths.count) {
        throw new Error(
          `PostgreSQL ended ${quickDeaths.count} times within a minute, so it is not started again.`,
        )
      }
      current = await launch()
    }
  }
  const watching = watch().catch((error: unknown) => {
    if (stopping) return
    const reason = error instanceof Error ? error : new Error(String(error))
    if (!gaveUp) throw reason
    gaveUp(reason)
  })
  const stop = async () => {
    stopping = true
    await stopPostmaster(current)
    await watching
    await stopPostmaster(current)
  }
  return { pid: () => current.pid, stop }
}

/** After a kill -9, memory of dead processes may still be held for some seconds: so several tries. */
async function launchUntilReady(place: Place, binaries: string, settings: string[]): Promise<Postmaster> {
  const tryUntil = Date.now() + retryLimit
  for (;;) {
    const logStart = statSync(place.log, { throwIfNoEntry: false })?.size ?? 0
    const postmaster = (await findOrphan(place)) ?? spawnPostgres(place, binaries, settings)
    if (await becomesReady(place, postmaster)) return postmaster
    await stopPostmaster(postmaster)
    if (Date.now() > tryUntil)
      throw new Error(`PostgreSQL did not start. It said:\n${logSince(place.log, logStart)}`)
    await sleep(500)
  }
}

async function becomesReady(place: Place, postmaster: Postmaster): Promise<boolean> {
  const until = Date.now() + startLimit
  let ended = false
  void postmaster.ended.then(() => (ended = true))
  while (!ended && Date.now() < until) {
    const file = readPidFile(place.cluster)
    if (file?.pid === postmaster.pid && file.ready && (await answers(file.socket))) return true
    await sleep(25)
  }
  return false
}

async function answers(socket: string): Promise<boolean> {
  const client = maintenance(socket)
  try {
    await client.connect()
    return true
  } catch {
    // Whatever it is, it does not take connections yet; its own words stand in its log.
    return false
  } finally {
    await client.end()
  }
}

/** The owner is an ordinary role, as it would be on anybody's own PostgreSQL; it may make databases. */
async function makeDatabase(socket: string) {
  const client = maintenance(socket)
  await client.connect()
  try {
    const role = await client.query('select from pg_roles where rolname = $1', [ownName])
    if (role.rowCount === 0) await client.query(`create role ${ownName} login createdb`)
    const database = await client.query('select from pg_database where datname = $1', [ownName])
    if (database.rowCount === 0) await client.query(`create database ${ownName} owner ${ownName}`)
  } finally {
    await client.end()
  }
}

function maintenance(host: string): Client {
  const client = new Client({
    host,
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  })
  // A lost connection fails the statement under way; without a listener it would stop Node besides.
  client.on('error', () => undefined)
  return client
}

function logSince(path: string, start: number): string {
  const lines = readFileSync(path).subarray(start).toString('utf8').trim().split('\n')
  return lines.slice(-12).join('\n')
}
