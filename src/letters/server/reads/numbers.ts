import { leftStates } from '#letters/delivery.ts'
import type { Db } from '#platform/server/db.ts'

/** What can honestly be said about the letters of a week. */
export type LetterNumbers = {
  /** Deliveries whose writer says that they posted, handed over or sent them themselves. Said, not seen. */
  saidPosted: number
  /** Deliveries that a mail server took from here and that did not come back for good. Never "delivered". */
  sentFromHere: number
  /** Deliveries to which somebody told us of at least one answer: the writer, or the office on its page. */
  answersTold: number
  /** Promises in those answers, and how many of them are known to be kept. */
  promises: number
  kept: number
}

/** Of a week that nobody has written in. */
export const noLetters: LetterNumbers = {
  saidPosted: 0,
  sentFromHere: 0,
  answersTold: 0,
  promises: 0,
  kept: 0,
}

/** Counts the letters of a week, deliveries and not letters, without the invented ones of an example. A delivery is counted once in each number, however often it was answered. Erasing letters changes none of them. */
export async function letterNumbers(db: Db, week: number): Promise<LetterNumbers> {
  const deliveries = await db
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .where('l.week', '=', week)
    .where('l.example', '=', false)
    .select((on) => [
      on.fn
        .countAll<number>()
        .filterWhere('d.state', 'in', leftStates)
        .filterWhere('d.channel', '<>', 'from-here')
        .as('saidPosted'),
      on.fn
        .countAll<number>()
        .filterWhere('d.channel', '=', 'from-here')
        .filterWhere('d.state', 'in', ['sent', 'assumed', 'bounced-soft'])
        .as('sentFromHere'),
      on.fn
        .countAll<number>()
        .filterWhere((of) =>
          of.exists(of.selectFrom('letterReplies as r').select('r.id').whereRef('r.delivery', '=', 'd.id')),
        )
        .as('answersTold'),
    ])
    .executeTakeFirstOrThrow()
  const promises = await db
    .selectFrom('promises as p')
    .leftJoin('deliveries as d', 'd.id', 'p.delivery')
    .leftJoin('letters as l', 'l.id', 'd.letter')
    .where('p.week', '=', week)
    .where((on) => on.or([on('l.example', 'is', null), on('l.example', '=', false)]))
    .select((on) => [
      on.fn.countAll<number>().as('promises'),
      on.fn.countAll<number>().filterWhere('p.state', '=', 'kept').as('kept'),
    ])
    .executeTakeFirstOrThrow()
  return { ...deliveries, ...promises }
}
