import { guestKept, unconfirmedKept } from '#activities/rsvp.ts'
import { sql } from 'kysely'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Answers the activities that somebody's worry keeps as they are, with all that belongs to them. */
export const heldActivities = (db: Db) =>
  db.selectFrom('activities').select('id').where('held', 'is not', null)

/** Deletes what guests told hosts in private, 30 days after the date they meant. Answers how many were deleted. Idempotent. */
export async function deleteOldAccessRequests(db: Db, now: Date): Promise<number> {
  const held = db.selectFrom('rsvps').select('id').where('activity', 'in', heldActivities(db))
  const gone = await db
    .deleteFrom('accessRequests')
    .where('deleteAfter', '<=', now)
    .where('rsvp', 'not in', held)
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** Removes what was never confirmed a week ago, whole: it may have been typed by somebody else. Answers how many. Idempotent. */
export async function removeUnconfirmed(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - unconfirmedKept)
  const gone = await db
    .deleteFrom('rsvps')
    .where('confirmed', 'is', null)
    .where('state', 'in', ['held', 'expired', 'cancelled'])
    .where('example', '=', false)
    .where('updated', '<=', before)
    .where('activity', 'not in', heldActivities(db))
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** Forgets names and addresses of guests 90 days after the date they meant, and ends their links; how many came and for how many it was new stays. Answers how many were forgotten. Idempotent. */
export async function forgetOldGuests(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - guestKept)
  return inTransaction(db, async (trx) => {
    const rows = await trx
      .selectFrom('rsvps')
      .innerJoin('activities', 'activities.id', 'rsvps.activity')
      .leftJoin('occurrences', 'occurrences.id', 'rsvps.occurrence')
      .select('rsvps.id')
      .where('rsvps.email', 'is not', null)
      .where('activities.held', 'is', null)
      .where(sql<Date>`coalesce(occurrences.ends, activities.last_end)`, '<=', before)
      .execute()
    if (rows.length === 0) return 0
    const ids = rows.map((row) => row.id)
    await trx.deleteFrom('accessRequests').where('rsvp', 'in', ids).execute()
    await trx
      .updateTable('rsvps')
      // A word that nobody was ever given: the hash of a random one.
      .set({
        email: null,
        name: '',
        reason: null,
        token: sql`sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))`,
      })
      .where('id', 'in', ids)
      .execute()
    return rows.length
  })
}
