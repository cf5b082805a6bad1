import type { Db } from '#platform/server/db.ts'

/** Writes down that something lives or ran by the clock just now. */
export async function beat(db: Db, name: string, now = new Date()): Promise<void> {
  await db
    .insertInto('beats')
    .values({ name, at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at: now }))
    .execute()
}
