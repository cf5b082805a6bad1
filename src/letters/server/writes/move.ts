import {
  hasEnded,
  hasLeft,
  isOpen,
  mayMove,
  type Channel,
  type DeliveryState,
  type Evidence,
} from '#letters/delivery.ts'
import { keptDays } from '#letters/letter.ts'
import { day } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Trx } from '#platform/server/db.ts'

export type Move = {
  state: DeliveryState
  evidence: Evidence
  note?: string
  /** Another way than was planned; only while it has not left. */
  channel?: Channel
}

/** Moves one delivery to another state and writes down who says so: the only way in which the state of a delivery changes. One that did not arrive may begin anew. The first that leaves releases its letter, and counts the days until it is erased. Already there: nothing happens. Refuses with "conflict" what cannot follow. */
export async function moveDelivery(trx: Trx, id: string, move: Move, now: Date): Promise<void> {
  const row = await trx
    .selectFrom('deliveries')
    .select(['id', 'letter', 'channel', 'state', 'leftUs'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const [from, planned] = [row.state, row.channel]
  const channel = move.channel ?? planned
  if (from === move.state && channel === planned) return
  const turned = channel !== planned
  const anew = hasEnded(from)
  if (turned && !isOpen(from) && !anew) throw new Refusal('conflict', 'letters.has-left')
  // Whoever goes another way begins that way anew, and so does what came to nothing.
  const start = turned || anew ? 'planned' : from
  if (start !== move.state && !mayMove(channel, start, move.state)) {
    throw new Refusal('conflict', 'letters.cannot-follow')
  }
  const { state, evidence, note } = move
  const leaves = hasLeft(state) && (row.leftUs === null || anew)
  await trx
    .updateTable('deliveries')
    .set({
      state,
      evidence,
      channel,
      changed: now,
      late: null,
      ...(anew && afresh),
      ...(leaves && { leftUs: now }),
    })
    .where('id', '=', id)
    .execute()
  await trx
    .insertInto('deliveryEvents')
    .values({ delivery: id, at: now, state, evidence, note: note ?? null })
    .execute()
  if (leaves) await release(trx, row.letter, now)
}

/** What begins anew has no turn, no yes, and nobody has asked for an answer to it. */
const afresh = { leftUs: null, asked14: null, asked21: null, due: null, confirmedSays: null }

async function release(trx: Trx, letter: string, now: Date): Promise<void> {
  await trx
    .updateTable('letters')
    .set({ released: now, erase: new Date(now.getTime() + keptDays * day) })
    .where('id', '=', letter)
    .where('released', 'is', null)
    .execute()
}
