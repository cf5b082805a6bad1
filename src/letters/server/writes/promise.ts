import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import type { PromiseState } from '#letters/reply.ts'
import { sameOffice } from '#letters/server/reads/left-alone.ts'
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

/** A promise for a later day than this is a slip of the pen. */
const mostYears = 5

/** Refuses, at its field, a day of a promise that is over everywhere, or more than five years ahead. */
export function refuseDay(due: string | null, now: Date): void {
  if (due === null) return
  if (due < dayOf(now, 'Etc/GMT+12')) throw new Refusal('invalid', 'letters.promise.past', {}, 'due')
  const today = dayOf(now, 'Etc/GMT-14')
  const last = `${Number(today.slice(0, 4)) + mostYears}${today.slice(4)}`
  if (due > last) throw new Refusal('invalid', 'letters.promise.far', { years: mostYears }, 'due')
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
    .onConflict((on) =>
      on.column('reply').doUpdateSet((it) => ({
        words,
        due,
        changed: now,
        revision: it('promises.revision', '+', 1),
      })),
    )
    .execute()
}

/** Says how a promise went (kept, partly, lapsed, or open again), and whether those who write to its office next year read it; only as whoever says it read the promise. For those who look after letters. */
export async function settlePromise(
  db: Db,
  viewer: Viewer,
  input: { promise: string; state: PromiseState; note: string | null; shared: boolean; revision: number },
  now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const { promise: id, state, note, shared, revision } = input
    const row = await trx
      .selectFrom('promises')
      .select('revision')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing()
    if (row.revision !== revision) throw new Refusal('conflict', 'refusal.stale', {}, 'revision')
    await trx
      .updateTable('promises')
      .set({ state, note, shared, changed: now, revision: revision + 1 })
      .where('id', '=', id)
      .execute()
    await writeDown(trx, viewer, {
      action: 'letters.promise',
      subject: `promises:${id}`,
      details: { state, shared },
    })
  })
}

/** Lets an office be written to again, at all of its addresses, because it did not ask for the opposite or has changed its mind. For those who look after letters. Pressed again, nothing happens. */
export async function writeToAgain(
  db: Db,
  viewer: Viewer,
  input: { address: string },
  _now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('doNotWrite')
      .select(['address', 'organisation', 'post', 'request', 'since'])
      .where('address', '=', input.address)
      .executeTakeFirst()
    if (!row) return
    await trx.deleteFrom('doNotWrite').where(sameOffice(row)).execute()
    await writeDown(trx, viewer, { action: 'letters.again', subject: 'letters:left-alone' })
  })
}
