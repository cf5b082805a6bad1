import { eraseLetters } from '#letters/server/writes/erase.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Erases everything personal in letters whose days are over: 28 after the first of their deliveries left, or after one that came back left anew, or after they were begun when none did. One that waits for its office, or goes once more, keeps its words until it has gone. Answers how many. Idempotent. */
export async function eraseOldLetters(db: Db, now: Date): Promise<number> {
  let all = 0
  for (;;) {
    const count = await eraseSome(db, now)
    all += count
    if (count < atOnce) return all
  }
}

/** So many in one transaction. */
const atOnce = 500

async function eraseSome(db: Db, now: Date): Promise<number> {
  const { count, files } = await inTransaction(db, async (trx) => {
    const due = await trx
      .selectFrom('letters as l')
      .select('l.id')
      .where('l.erase', '<=', now)
      .where('l.erased', 'is', null)
      .where((on) =>
        on.not(
          on.exists(
            on
              .selectFrom('deliveries as d')
              .select('d.id')
              .whereRef('d.letter', '=', 'l.id')
              .where('d.state', 'in', ['queued', 'sending', 'bounced-soft']),
          ),
        ),
      )
      .orderBy('l.erase')
      .limit(atOnce)
      .forUpdate('l')
      .execute()
    return eraseLetters(
      trx,
      due.map(({ id }) => id),
      now,
    )
  })
  await files(readConfig())
  return count
}
