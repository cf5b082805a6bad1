import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import { queueDelivery } from '#letters/server/writes/confirm.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** Which delivery; by the word of the writer's own page, or null at the desk. */
export type Uncertain = { token: string | null; delivery: string }

/** Says that a letter of which nobody knew has gone: its writer says so, or whoever looks after letters. Pressed again, nothing happens. */
export const sayItWent = (
  db: Db,
  viewer: Viewer,
  input: Uncertain,
  now: Date,
): Promise<{ token: string | null }> =>
  inTransaction(db, async (trx) => {
    const { state } = await uncertainOne(trx, viewer, input)
    if (state === 'uncertain')
      await moveDelivery(trx, input.delivery, { state: 'sent', evidence: 'said' }, now)
    return { token: input.token }
  })

/** Sends a letter of which nobody knew once more: its writer decides so, or whoever looks after letters. Pressed again, nothing happens. */
export const sendOnceMore = (
  db: Db,
  viewer: Viewer,
  input: Uncertain,
  now: Date,
): Promise<{ token: string | null }> =>
  inTransaction(db, async (trx) => {
    const { state, words } = await uncertainOne(trx, viewer, input)
    if (state === 'uncertain') {
      if (words === null) throw new Refusal('conflict', 'letters.erased')
      await queueDelivery(trx, input.delivery, now)
    }
    return { token: input.token }
  })

async function uncertainOne(trx: Trx, viewer: Viewer, { token, delivery }: Uncertain) {
  if (token === null && !mayLookAfterLetters(viewer)) throw missing()
  const row = await trx
    .selectFrom('deliveries as d')
    .innerJoin('letters as l', 'l.id', 'd.letter')
    .select(['d.state', 'l.words'])
    .where('d.id', '=', delivery)
    .$if(token !== null, (query) => query.where('l.token', '=', hashToken(token ?? '')))
    .forUpdate('d')
    .executeTakeFirst()
  if (!row) throw missing()
  if (token === null && row.state === 'uncertain') {
    await writeDown(trx, viewer, { action: 'letters.decided', subject: `letters:${delivery}` })
  }
  return row
}
