import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, urlOf } from '#platform/server/db.ts'
import { clusterOf } from '#platform/server/postgres/place.ts'
import { seedExample } from '../scripts/seed.ts'
import { seedDoors } from '../scripts/seed/doors.ts'
import { makeDataFolder } from './app.ts'
import { startWithTowns } from './with-towns.ts'

/** Makes a data folder with the example week, as a first start leaves it; it goes with `removeDataFolder`. */
export async function fillDataFolder(): Promise<string> {
  const folder = makeDataFolder()
  const postgres = await startWithTowns(folder)
  const db = connect(urlOf(postgres.address), 1)
  await seedExample(db)
  await seedDoors(db)
  await db.destroy()
  await postgres.stop()
  // A product that is killed loses nothing by it; only a machine without power would.
  appendFileSync(join(clusterOf(folder), 'postgresql.conf'), 'fsync = off\n')
  return folder
}
