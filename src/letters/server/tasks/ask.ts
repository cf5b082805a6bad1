import type { NotNull } from 'kysely'
import { day } from '#kernel/limits.ts'
import { askDays } from '#letters/reply.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import type { Task } from '#platform/server/queue.ts'

const names = { 14: 'asked14', 21: 'asked21' } as const

/** Asks writers, 14 and 21 days after a letter left, whether there was an answer (at most 500 at a time); never of one that was answered, came back, or is somebody's example. One that left anew is asked about anew. Idempotent. */
export const askForAnswers: Task = async (db, _payload, now) => {
  for (const days of askDays) {
    for (const { id, letter, office, leftUs } of await toAsk(db, days, now)) {
      await inTransaction(db, async (trx) => {
        const mine = await trx
          .updateTable('deliveries')
          .set({ [names[days]]: now })
          .where('id', '=', id)
          .where(names[days], 'is', null)
          .executeTakeFirst()
        if (Number(mine.numUpdatedRows) === 0) return
        const params = { office, days }
        const of = `${id}:${days}:${leftUs.getTime()}`
        await tellWriter(trx, { letter, name: 'letter-asked', of, params, page: '/replies' }, now)
      })
    }
  }
}

const toAsk = (db: Db, days: 14 | 21, now: Date) =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select(['d.id', 'd.letter', 'd.office', 'd.leftUs'])
    .$narrowType<{ leftUs: NotNull }>()
    .where('d.leftUs', '<=', new Date(now.getTime() - days * day))
    .where('d.asked21', 'is', null)
    .where(`d.${names[days]}`, 'is', null)
    // A worker that was away for long asks the later question only.
    .$if(days === 14, (query) => query.where('d.leftUs', '>', new Date(now.getTime() - 21 * day)))
    .where('d.state', 'not in', ['bounced', 'returned', 'failed', 'cancelled'])
    .where('l.erased', 'is', null)
    .where('l.email', 'is not', null)
    .where((on) =>
      on.not(
        on.exists(
          on
            .selectFrom('letterReplies as r')
            .select('r.id')
            .whereRef('r.delivery', '=', 'd.id')
            .where('r.kind', '<>', 'acknowledged'),
        ),
      ),
    )
    .limit(500)
    .execute()
