import { unconfirmedKept } from '#activities/rsvp.ts'
import { heldActivities } from '#activities/server/tasks/retention.ts'
import type { Db } from '#platform/server/db.ts'

/** Removes activities whose mail nobody pressed within seven days, whole, copies that were never put on the list once they are over, and co-hosts who never said yes. Answers how many activities went. Idempotent. */
export async function removeUnconfirmedActivities(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - unconfirmedKept)
  await db
    .deleteFrom('hosts')
    .where('confirmed', 'is', null)
    .where('part', '<>', 'host')
    .where('created', '<=', before)
    .where('activity', 'not in', heldActivities(db))
    .execute()
  const gone = await db
    .deleteFrom('activities')
    .where('state', '=', 'unverified')
    .where('example', '=', false)
    .where('updated', '<=', before)
    .where((on) =>
      on.or([
        on('lastEnd', '<=', now),
        on.not(
          on.exists(
            on
              .selectFrom('hosts')
              .select('hosts.email')
              .whereRef('hosts.activity', '=', 'activities.id')
              .where('hosts.confirmed', 'is not', null),
          ),
        ),
      ]),
    )
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}
