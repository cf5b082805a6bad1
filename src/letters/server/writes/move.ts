import {
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

/** Moves deliveries to another state, all or none, and writes down who says so: the only way in which the state of a delivery changes. The first that leaves releases its letter, and counts the days until it is erased. Those already there stay. Refuses with "conflict" what cannot follow. */
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
  const left = hasLeft(state)
  await trx
    .updateTable('deliveries')
    .set({ state, evidence, changed: now, late: null, ...(channel && { channel }) })
    .$if(left, (query) => query.set((on) => ({ leftUs: on.fn.coalesce('leftUs', on.val(now)) })))
    .where(
      'id',
      'in',
      moved.map(({ id }) => id),
    )
    .execute()
  await trx
    .insertInto('deliveryEvents')
    .values(moved.map(({ id }) => ({ delivery: id, at: now, state, evidence, note: note ?? null })))
    .execute()
  const leaves = moved.filter((row) => left && row.leftUs === null)
  for (const letter of new Set(leaves.map((row) => row.letter))) await release(trx, letter, now)
}

/** Answers whether a delivery is not there yet; refuses what cannot follow. */
function moves(row: { channel: Channel; state: DeliveryState }, move: Move): boolean {
  const turned = move.channel !== undefined && move.channel !== row.channel
  if (row.state === move.state && !turned) return false
  if (turned && !isOpen(row.state)) throw new Refusal('conflict', 'letters.has-left')
  // Whoever goes another way begins that way anew.
  const start = turned ? 'planned' : row.state
  if (start !== move.state && !mayMove(move.channel ?? row.channel, start, move.state)) {
    throw new Refusal('conflict', 'letters.cannot-follow')
  }
  return true
}

async function release(trx: Trx, letter: string, now: Date): Promise<void> {
  await trx
    .updateTable('letters')
    .set({ released: now, erase: new Date(now.getTime() + keptDays * day) })
    .where('id', '=', letter)
    .where('released', 'is', null)
    .execute()
}
