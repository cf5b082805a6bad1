import { connect, urlOf } from '#platform/server/db.ts'
import { migrate } from '#platform/server/migrate.ts'
import { loadPlaces } from '#platform/server/places.ts'
import { type RunningPostgres, startPostgres } from '#platform/server/postgres.ts'

/** Starts a PostgreSQL with our tables and the towns of 20,000 people and more: enough to find places by, small enough to copy for every file. */
export async function startWithTowns(dataDir: string, settings: string[] = []): Promise<RunningPostgres> {
  const postgres = await startPostgres({ dataDir, durable: false, settings })
  const url = urlOf(postgres.address)
  await migrate(url)
  const db = connect(url, 1)
  await loadPlaces(db, 20_000)
  await db.destroy()
  return postgres
}
