import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { waitsToLeave } from '#letters/delivery.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { openLetter } from '#letters/server/writes/open-letter.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** Calls off a delivery that waits to be sent from here, for a yes or for its turn: it can go another way, or be asked for anew. A link that nothing waits for any more leads nowhere. Idempotent; refuses with "conflict" what has left. */
export async function callOff(
  db: Db,
  _viewer: Viewer,
  input: { token: string; delivery: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const letter = await openLetter(trx, input.token)
    const found = letter.deliveries.find(({ id }) => id === input.delivery)
    if (!found) throw missing()
    if (found.state === 'planned') return
    if (!waitsToLeave(found.state)) throw new Refusal('conflict', 'letters.has-left')
    await callOffAll(trx, { id: letter.id, deliveries: [found] }, now)
  })
}

type Waiting = { id: string; address: string[] | null; state: Parameters<typeof waitsToLeave>[0] }

/** Calls off what of some deliveries of a letter waits to be sent from here; the caller holds the letter. */
export async function callOffAll(
  trx: Trx,
  letter: { id: string; deliveries: readonly Waiting[] },
  now: Date,
): Promise<void> {
  for (const { id, address } of letter.deliveries.filter(({ state }) => waitsToLeave(state))) {
    const channel = address === null ? 'own-mail' : 'post'
    await moveDelivery(trx, id, { state: 'planned', evidence: 'said', channel }, now)
    await trx.updateTable('deliveries').set({ due: null, confirmedSays: null }).where('id', '=', id).execute()
  }
  const goes = trx
    .selectFrom('deliveries')
    .select('id')
    .where('letter', '=', letter.id)
    .where('channel', '=', 'from-here')
    .where('state', 'not in', ['failed', 'bounced'])
  await trx
    .updateTable('letters')
    .set({ confirming: null, confirmBy: null })
    .where('id', '=', letter.id)
    .where((on) => on.not(on.exists(goes)))
    .execute()
}
