import { day, hour, minute } from '#kernel/limits.ts'
import type { DeliveryState } from '#letters/delivery.ts'
import { confirmDays } from '#letters/letter.ts'
import { againDays, quietHours, remindHours } from '#letters/pace.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import { moveDelivery, type Move } from '#letters/server/writes/move.ts'
import { confirmLink } from '#letters/server/writes/send.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { addJobs, type Task } from '#platform/server/queue.ts'

/** So many at a time; the next run takes the next. */
const atOnce = 500

const ago = (now: Date, length: number): Date => new Date(now.getTime() - length)

/** Follows letters that go from here: reminds once, after a day, of those that nobody has confirmed; calls off those that nobody confirmed in seven days; counts as arrived what did not come back in two, or in seven when their server said that it is late; and wakes what should have left long ago, or has been in hand so long that whoever sent it must be gone. Idempotent. */
export const followLetters: Task = async (db, _payload, now) => {
  await remindToConfirm(db, now)
  await endUnconfirmed(db, now)
  await assumeArrived(db, now)
  await wakeLetters(db, now)
}

const unconfirmed = (db: Db) =>
  db
    .selectFrom('letters')
    .where('confirmBy', 'is not', null)
    .where('confirmed', 'is', null)
    .where('erased', 'is', null)
    .orderBy('confirmBy')
    .limit(atOnce)

async function remindToConfirm(db: Db, now: Date): Promise<void> {
  const rows = await unconfirmed(db)
    .select(['id', 'email', 'confirmBy'])
    .where('confirmBy', '>', now)
    .where('confirmBy', '<=', new Date(now.getTime() + confirmDays * day - remindHours * hour))
    .execute()
  for (const { id, email, confirmBy } of rows) {
    if (email === null || confirmBy === null) continue
    const link = confirmLink(id, email)
    const days = Math.max(1, Math.floor((confirmBy.getTime() - now.getTime()) / day))
    const params = { link, stopLink: link, days }
    // Once for each time that it was asked for.
    const of = String(confirmBy.getTime())
    await tellWriter(db, { letter: id, name: 'letter-confirm-again', of, params }, now)
  }
}

async function endUnconfirmed(db: Db, now: Date): Promise<void> {
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select('d.id')
    .where('d.state', '=', 'confirming')
    .where('l.confirmBy', '<=', now)
    .limit(atOnce)
    .execute()
  for (const { id } of rows) {
    await moveOn(
      db,
      { id, from: 'confirming' },
      { state: 'failed', evidence: 'seen', note: 'not-confirmed' },
      now,
    )
  }
}

async function assumeArrived(db: Db, now: Date): Promise<void> {
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where('state', '=', 'sent')
    .where('changed', '<=', ago(now, quietHours * hour))
    .where((on) => on.or([on('late', 'is', null), on('late', '<=', ago(now, againDays * day))]))
    .limit(atOnce)
    .execute()
  for (const { id } of rows)
    await moveOn(db, { id, from: 'sent' }, { state: 'assumed', evidence: 'seen' }, now)
}

/** Moves a delivery that is still where it was seen; something may have come in between. */
const moveOn = (
  db: Db,
  { id, from }: { id: string; from: DeliveryState },
  move: Move,
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('deliveries')
      .select('state')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (row?.state === from) await moveDelivery(trx, id, move, now)
  })

async function wakeLetters(db: Db, now: Date): Promise<void> {
  const rows = await db
    .selectFrom('deliveries')
    .select('id')
    .where((on) =>
      on.or([
        on.and([on('state', 'in', ['queued', 'bounced-soft']), on('due', '<', ago(now, 30 * minute))]),
        on.and([on('state', '=', 'sending'), on('changed', '<', ago(now, 10 * minute))]),
      ]),
    )
    .limit(atOnce)
    .execute()
  await addJobs(db, 'letter.due', rows.map(sendingOf))
}
