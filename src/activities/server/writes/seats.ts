import { sql } from 'kysely'
import { calledOff, endOf, occurrencesOf, type Activity } from '#activities/server/reads/rsvp.ts'
import { takenSeats, waitingIn, type Pool } from '#activities/server/reads/seats.ts'
import { capacityOf, movesUp } from '#activities/seats.ts'
import { missing } from '#kernel/refusal.ts'
import type { Trx } from '#platform/server/db.ts'

/** Answers the activity as it is now, and lets nobody else change it or its seats until the transaction ends; throws `missing` when there is none. */
export async function lockActivity(trx: Trx, column: 'id' | 'slug', value: string): Promise<Activity> {
  const row = await trx
    .selectFrom('activities')
    .selectAll()
    .where(column, '=', value)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row) throw missing()
  return row
}

/** Frees what was kept too long and gives free seats to those who wait, in the order of confirmation. Needs the lock of the activity. Answers the ids of those who got a seat. */
export async function settleSeats(trx: Trx, activity: Activity, now: Date): Promise<string[]> {
  const pools = await trx
    .with('freed', (on) =>
      on
        .updateTable('rsvps')
        .set({ state: 'expired', seatKept: false, updated: now })
        .where('activity', '=', activity.id)
        .where('state', '=', 'held')
        .where('heldUntil', '<=', now),
    )
    .selectFrom('rsvps')
    .select(['occurrence', 'joining'])
    .distinct()
    .where('activity', '=', activity.id)
    .where('state', '=', 'waiting')
    .execute()
  if (pools.length === 0) return []
  const dates = new Map((await occurrencesOf(trx, activity.id)).map((date) => [date.id, date]))
  const moved: string[] = []
  for (const { occurrence, joining } of pools) {
    const date = occurrence === null ? null : (dates.get(occurrence) ?? null)
    if (calledOff(activity, date) || endOf(activity, date) <= now) continue
    const pool = { activity: activity.id, occurrence, joining }
    moved.push(...(await fillPool(trx, activity, pool, now)))
  }
  return moved
}

async function fillPool(trx: Trx, activity: Activity, pool: Pool, now: Date): Promise<string[]> {
  const parties = movesUp(
    capacityOf(activity, pool.joining),
    await takenSeats(trx, pool, now),
    await waitingIn(trx, pool),
  )
  const ids = parties.map((party) => party.id)
  if (ids.length === 0) return []
  await trx
    .updateTable('rsvps')
    .set({ state: 'going', seated: now, updated: now, revision: sql`revision + 1` })
    .where('id', 'in', ids)
    .execute()
  return ids
}
