import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'

/** Hides the example's activities and keeps what they were; without mail or history, for nobody holds them. Idempotent. */
export const setExampleActivitiesAside = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('activities')
    .set({ setAside: sql`state`, state: 'withdrawn' })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()
}

/** Makes the example's activities again what they were before they were set aside. Idempotent. */
export const bringExampleActivitiesBack = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('activities')
    .set({ state: sql`set_aside`, setAside: null })
    .where('setAside', 'is not', null)
    .execute()
}

/** Removes the example's activities for good, with all that hangs on them, and answers how many there were. Idempotent. */
export async function removeExampleActivities(trx: Trx): Promise<number> {
  const gone = await trx.deleteFrom('activities').where('example', '=', true).executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** Answers in which weeks somebody has put an activity, or brought in a file, that is no example. */
export async function weeksWithOwnActivities(trx: Trx): Promise<number[]> {
  const rows = await trx
    .selectFrom('activities')
    .select('week')
    .where('example', '=', false)
    .union(trx.selectFrom('imports').select('week'))
    .execute()
  return rows.map((row) => row.week)
}
