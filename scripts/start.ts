import { connect, urlOf } from '#platform/server/db.ts'
import { type Config, readConfig } from '#platform/server/config.ts'
import { describeHolder, lockFolder, makeDataFolder } from '#platform/server/lock.ts'
import { migrate } from '#platform/server/migrate.ts'
import { startPostgres } from '#platform/server/postgres.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { type Running, stopAll, stopOnSignals } from './start/doors.ts'
import { fillFirstData, isThisMachine } from './start/first-data.ts'
import { type KeptPort, keepPort, rememberPort } from './start/port.ts'
import { sinceStart, step } from './start/steps.ts'
import { keepWorker } from './start/worker-child.ts'

process.env['NODE_ENV'] ??= 'production'
const running: Running = {}

start().catch(async (error: unknown) => {
  // What we throw on purpose is a plain Error with a sentence; anything else is a bug and shows where it is.
  const plain = error instanceof Error && error.constructor === Error && !('code' in error)
  console.error(plain ? `\n${error.message}\n` : error)
  await stopAll(running)
  process.exit(1)
})

async function start() {
  const config = readConfig()
  takeFolder(config)
  stopOnSignals(running)
  const kept = config.role === 'worker' ? undefined : await keepPort(config)
  if (kept) process.env['PORT'] = String(kept.port)
  if (!config.databaseUrl) await step(3, 'starting the database', () => startDatabase(config.dataDir))
  await step(4, 'bringing the data up to date', () => prepareData(config))
  const address = await step(5, 'opening the doors', () => openDoors(config, kept))
  const organisers = address ? await howOrganisersSignIn(config) : ''
  running.announce?.(address ?? 'no address, as it is only the worker')
  console.log(`\nReady after ${sinceStart()}.${address ? ` A Bit Extra answers on ${address}` : ''}`)
  if (organisers) console.log(organisers)
  const folder = running.postgres?.folder
  if (folder && !folder.startsWith(config.dataDir)) {
    console.log(
      `The database lies in ${folder}: others cannot get into ${config.dataDir}, and PostgreSQL does not run as root. Move and remove both together.`,
    )
  }
}

async function howOrganisersSignIn(config: Config): Promise<string> {
  // Loaded late: the accounts read the settings of the database and the port, which are known only now.
  const { organiserLine } = await import('./start/organiser-link.ts')
  return withConnection((db) => organiserLine(db, isThisMachine(config.siteUrl)))
}

/** One process per data folder; web and worker apart may share it when the database is elsewhere. */
function takeFolder(config: Config) {
  if (config.databaseUrl && config.role !== 'all') return makeDataFolder(config.dataDir)
  const lock = lockFolder(config.dataDir)
  if (!lock) {
    throw new Error(
      `${describeHolder(config.dataDir)}\nStop that one first, or give this one a folder of its own: DATA_DIR=… npm start`,
    )
  }
  running.release = lock.release
  running.announce = lock.announce
}

async function startDatabase(dataDir: string) {
  running.postgres = await startPostgres({ dataDir, gaveUp: stopForGood })
  process.env['DATABASE_URL'] = urlOf(running.postgres.address)
}

function stopForGood(reason: Error) {
  console.error(`\n${reason.message}\n`)
  void stopAll(running).finally(() => process.exit(1))
}

async function prepareData(config: Config) {
  await migrate(databaseUrl())
  const example = isThisMachine(config.siteUrl) && !process.argv.includes('--empty')
  await withConnection((db) => fillFirstData(db, { example }))
}

/** Answers the address people can open, or undefined when only the worker runs here. */
async function openDoors(
  { role, host, dataDir }: Config,
  kept: KeptPort | undefined,
): Promise<string | undefined> {
  if (kept) {
    const { startWeb } = await import('../src/web.ts')
    await kept.letGo()
    running.web = await startWeb({ port: kept.port, host })
    rememberPort(dataDir, kept.port)
  }
  if (role !== 'web') running.worker = keepWorker()
  return kept && siteAddress(readConfig())
}

async function withConnection<T>(work: (db: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const db = connect(databaseUrl(), 1)
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

function databaseUrl(): string {
  const url = process.env['DATABASE_URL']
  if (!url) throw new TypeError('There is no database at this point of the start')
  return url
}
