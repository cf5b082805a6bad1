import { leftStates } from '#letters/delivery.ts'
import type { Db } from '#platform/server/db.ts'

/** What people told us of the letters of a week. */
export type LetterNumbers = { left: number; replied: number }

/** Answers how many letters of a week their writers say have left, and to how many an answer was told; examples are not counted. */
export async function letterNumbers(db: Db, week: number): Promise<LetterNumbers> {
  const of = db
    .selectFrom('deliveries')
    .innerJoin('letters', 'letters.id', 'deliveries.letter')
    .where('letters.week', '=', week)
    .where('letters.example', '=', false)
  const [left, replied] = await Promise.all([
    of
      .where('deliveries.state', 'in', leftStates)
      .select((on) => on.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
    of
      .innerJoin('letterReplies', 'letterReplies.delivery', 'deliveries.id')
      .select((on) => on.fn.count<number>('deliveries.id').distinct().as('count'))
      .executeTakeFirstOrThrow(),
  ])
  return { left: left.count, replied: replied.count }
}
