import {
  endedStates,
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

/** Moves one delivery to another state and writes down who says so. Already there: nothing happens. Refuses with "conflict" what cannot follow. */
export const moveDelivery = (trx: Trx, id: string, move: Move, now: Date): Promise<void> =>
  moveDeliveries(trx, [id], move, now)

/** Moves deliveries to another state, all or none, and writes down who says so: the only way in which the state of a delivery changes. One that did not arrive may begin anew. The first that leaves releases its letter, and counts the days until it is erased; one that leaves anew counts them anew. Those already there stay. Refuses with "conflict" what cannot follow. */
export async function moveDeliveries(trx: Trx, ids: readonly string[], move: Move, now: Date): Promise<void> {
  if (ids.length === 0) return
  const rows = await trx
    .selectFrom('deliveries')
    .select(['id', 'letter', 'channel', 'state', 'leftUs'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (rows.length < new Set(ids).size) throw new Error('a delivery that is moved is not there')
  const moved = rows.filter((row) => moves(row, move))
  if (moved.length === 0) return
  const { state, evidence, note, channel } = move
  const update = (some: typeof moved) =>
    trx.updateTable('deliveries').where(
      'id',
      'in',
      some.map(({ id }) => id),
    )
  const left = hasLeft(state)
  const anew = moved.filter((row) => hasEnded(row.state))
  if (anew.length > 0) await update(anew).set(afresh).execute()
  await update(moved)
    .set({ state, evidence, changed: now, late: null, ...(channel && { channel }) })
    .$if(left, (query) => query.set((on) => ({ leftUs: on.fn.coalesce('leftUs', on.val(now)) })))
    .execute()
  await trx
    .insertInto('deliveryEvents')
    .values(moved.map(({ id }) => ({ delivery: id, at: now, state, evidence, note: note ?? null })))
    .execute()
  const leaves = moved.filter((row) => left && (row.leftUs === null || hasEnded(row.state)))
  await release(trx, leaves, now)
}

/** Answers whether a delivery is not there yet; refuses what cannot follow. */
function moves(row: { channel: Channel; state: DeliveryState }, move: Move): boolean {
  const turned = move.channel !== undefined && move.channel !== row.channel
  if (row.state === move.state && !turned) return false
  const anew = hasEnded(row.state)
  if (turned && !isOpen(row.state) && !anew) throw new Refusal('conflict', 'letters.has-left')
  // Whoever goes another way begins that way anew, and so does what came to nothing.
  const start = turned || anew ? 'planned' : row.state
  if (start !== move.state && !mayMove(move.channel ?? row.channel, start, move.state)) {
    throw new Refusal('conflict', 'letters.cannot-follow')
  }
  return true
}

/** What begins anew has no turn, no yes, and nobody has asked for an answer to it. */
const afresh = { leftUs: null, asked14: null, asked21: null, due: null, confirmedSays: null }

async function release(
  trx: Trx,
  leaves: readonly { id: string; letter: string }[],
  now: Date,
): Promise<void> {
  if (leaves.length === 0) return
  const until = new Date(now.getTime() + keptDays * day)
  const letters = (of: readonly { letter: string }[]) =>
    trx.updateTable('letters').where('id', 'in', [...new Set(of.map(({ letter }) => letter))])
  await letters(leaves).set({ released: now, erase: until }).where('released', 'is', null).execute()
  const ids = leaves.map(({ id }) => id)
  const ended = await trx
    .selectFrom('deliveryEvents')
    .select('delivery')
    .distinct()
    .where((on) => on('delivery', '=', on.fn.any(on.val(ids))))
    .where('state', 'in', endedStates)
    .execute()
  const again = new Set(ended.map(({ delivery }) => delivery))
  const anew = leaves.filter(({ id }) => again.has(id))
  if (anew.length > 0)
    await letters(anew)
      .set((on) => ({ erase: on.fn('greatest', ['erase', on.val(until)]) }))
      .execute()
}
