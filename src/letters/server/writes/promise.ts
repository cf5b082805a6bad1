import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import type { PromiseState } from '#letters/reply.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Promised = {
  id: string
  week: number
  post: string | null
  organisation: string | null
  office: string | null
  /** The answer in which it stands. */
  reply: string
  words: string | null
  due: string | null
}

/** Keeps what an answer promises, or takes it back when the answer promises nothing any more; what somebody has settled already stays. It outlives the letter and names no writer. Idempotent. */
export async function setPromise(trx: Trx, to: Promised, now: Date): Promise<void> {
  const { id: delivery, reply, words, due, week, post, organisation, office } = to
  if (words === null) {
    await trx.deleteFrom('promises').where('reply', '=', reply).where('state', '=', 'open').execute()
    return
  }
  await trx
    .insertInto('promises')
    .values({ delivery, reply, week, post, organisation, office, words, due, created: now, changed: now })
    .onConflict((on) => on.column('reply').doUpdateSet({ words, due, changed: now }))
    .execute()
}

/** Says how a promise went: kept, partly, lapsed, or open again. For those who look after letters. */
export async function settlePromise(
  db: Db,
  viewer: Viewer,
  input: { promise: string; state: PromiseState; note: string | null },
  now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const row = await trx
      .updateTable('promises')
      .set({ state: input.state, note: input.note, changed: now })
      .where('id', '=', input.promise)
      .returning('id')
      .executeTakeFirst()
    if (!row) throw missing()
    await writeDown(trx, viewer, {
      action: 'letters.promise',
      subject: `promises:${row.id}`,
      details: { state: input.state },
    })
  })
}

/** Lets an office be written to again, because it did not ask for the opposite or has changed its mind. For those who look after letters. Pressed again, nothing happens. */
export async function writeToAgain(
  db: Db,
  viewer: Viewer,
  input: { address: string },
  _now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const gone = await trx.deleteFrom('doNotWrite').where('address', '=', input.address).executeTakeFirst()
    if (Number(gone.numDeletedRows) === 0) return
    await writeDown(trx, viewer, { action: 'letters.again', subject: 'letters:left-alone' })
  })
}
