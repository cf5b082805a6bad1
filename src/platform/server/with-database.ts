import { setTimeout as sleep } from 'node:timers/promises'
import { describeHolder, lockFolder } from './lock.ts'
import { type DatabaseAddress, startPostgres } from './postgres.ts'
import { clusterOf } from './postgres/place.ts'
import { readPidFile } from './postgres/postmaster.ts'

const joinLimit = 60_000

/**
 * Runs something with the database of a data folder: joins the one that is running, else starts it and stops it
 * after. With DATABASE_URL set it is that one.
 */
export async function withDatabase<T>(
  dataDir: string,
  run: (address: DatabaseAddress) => Promise<T>,
  databaseUrl = process.env['DATABASE_URL'],
): Promise<T> {
  if (databaseUrl) return await run({ connectionString: databaseUrl })
  const until = Date.now() + joinLimit
  for (;;) {
    const lock = lockFolder(dataDir)
    if (lock) {
      try {
        return await runAlone(dataDir, run)
      } finally {
        lock.release()
      }
    }
    const running = readPidFile(clusterOf(dataDir))
    if (running?.ready) return await run({ host: running.socket, user: 'abitextra', database: 'abitextra' })
    if (Date.now() > until) throw new Error(`${describeHolder(dataDir)} Its database does not answer.`)
    await sleep(200)
  }
}

/**
 * Runs something while no site may use the data folder: takes its lock, or throws a plain sentence that says who has it.
 * Starts the database and stops it after, unless DATABASE_URL names another.
 */
export async function withDatabaseAlone<T>(
  dataDir: string,
  run: (address: DatabaseAddress) => Promise<T>,
  databaseUrl = process.env['DATABASE_URL'],
): Promise<T> {
  const lock = lockFolder(dataDir)
  if (!lock) throw new Error(`${describeHolder(dataDir)} Stop the site first. Nothing was changed.`)
  try {
    return await (databaseUrl ? run({ connectionString: databaseUrl }) : runAlone(dataDir, run))
  } finally {
    lock.release()
  }
}

async function runAlone<T>(dataDir: string, run: (address: DatabaseAddress) => Promise<T>): Promise<T> {
  const postgres = await startPostgres({ dataDir })
  try {
    return await run(postgres.address)
  } finally {
    await postgres.stop()
  }
}
