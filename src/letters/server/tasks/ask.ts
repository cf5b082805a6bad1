import { sql } from 'kysely'
import { day } from '#kernel/limits.ts'
import { askDays } from '#letters/reply.ts'
import { tellWriter } from '#letters/server/tell.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import type { Task } from '#platform/server/queue.ts'

const names = { 14: 'asked14', 21: 'asked21' } as const

/** Asks writers, 14 and 21 days after a letter left, whether there was an answer: once for all the offices that it left for on one day (at most 2,000 at a time); never of one that was answered, came back, or is somebody's example. Idempotent. */
export const askForAnswers: Task = async (db, _payload, now) => {
  for (const days of askDays) {
    const rows = Map.groupBy(await toAsk(db, days, now), ({ letter, left }) => `${letter}:${left}`)
    for (const asked of rows.values()) await askOnce(db, asked, days, now)
  }
}

type Asked = { id: string; letter: string; office: string | null; left: string }

const askOnce = (db: Db, asked: readonly Asked[], days: 14 | 21, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const mine = await trx
      .updateTable('deliveries')
      .set({ [names[days]]: now })
      .where(
        'id',
        'in',
        asked.map(({ id }) => id),
      )
      .where(names[days], 'is', null)
      .returning('office')
      .execute()
    const [first] = asked
    if (mine.length === 0 || !first) return
    const params = { office: mine[0]?.office ?? first.office, count: mine.length, days }
    const of = `${first.left}:${days}`
    await tellWriter(trx, { letter: first.letter, name: 'letter-asked', of, params, page: '/replies' }, now)
  })

const toAsk = (db: Db, days: 14 | 21, now: Date) =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select([
      'd.id',
      'd.letter',
      'd.office',
      sql<string>`(d.left_us at time zone 'UTC')::date::text`.as('left'),
    ])
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
    .orderBy('d.letter')
    .limit(2000)
    .execute()
