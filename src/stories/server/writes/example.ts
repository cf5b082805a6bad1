import { sql } from 'kysely'
import type { Trx } from '#platform/server/db.ts'

/** Hides the example's stories and keeps what they were; without mail or history, for nobody wrote them. Idempotent. */
export const setExampleStoriesAside = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('stories')
    .set({ setAside: sql`state`, state: 'hidden' })
    .where('example', '=', true)
    .where('setAside', 'is', null)
    .execute()
}

/** Makes the example's stories again what they were before they were set aside. Idempotent. */
export const bringExampleStoriesBack = async (trx: Trx): Promise<void> => {
  await trx
    .updateTable('stories')
    .set({ state: sql`set_aside`, setAside: null })
    .where('setAside', 'is not', null)
    .execute()
}

/** Removes the example's stories for good and answers how many there were. Idempotent. */
export async function removeExampleStories(trx: Trx): Promise<number> {
  const gone = await trx.deleteFrom('stories').where('example', '=', true).executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** Answers in which weeks somebody has told a story that is no example. */
export async function weeksWithOwnStories(trx: Trx): Promise<number[]> {
  const rows = await trx
    .selectFrom('stories')
    .select('week')
    .distinct()
    .where('example', '=', false)
    .execute()
  return rows.map((row) => row.week)
}
