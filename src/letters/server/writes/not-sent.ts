import { tellWriter } from '#letters/server/tell.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import type { Trx } from '#platform/server/db.ts'

/** Why a letter from here did not go. */
export type NotSent = 'example' | 'gone' | 'asked' | 'contact' | 'server'

/** Writes down that a delivery from here does not go, and why; tells its writer. */
export async function giveUp(
  trx: Trx,
  { id, letter, office }: { id: string; letter: string; office: string | null },
  why: NotSent,
  now: Date,
): Promise<null> {
  await moveDelivery(trx, id, { state: 'failed', evidence: 'seen', note: why }, now)
  const of = `${id}:${now.getTime()}`
  await tellWriter(trx, { letter, name: 'letter-not-sent', of, params: { office, why } }, now)
  return null
}
