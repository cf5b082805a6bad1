import { isOpen } from '#letters/delivery.ts'
import { eraseLetters } from '#letters/server/writes/erase.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import type { Config } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'

/** Forgets everything of an address in letters, when its account goes: what has not left is called off, what is personal in its letters is erased, its names go from letters of others, and what it said of the directory is said by nobody. Answers a step for after the commit. Idempotent. */
export async function forgetWriter(
  trx: Trx,
  email: string,
  now: Date,
): Promise<(config: Config) => Promise<void>> {
  const letters = await trx
    .selectFrom('letters')
    .select('id')
    .where('email', '=', email)
    .orderBy('id')
    .forUpdate()
    .execute()
  const ids = letters.map(({ id }) => id)
  if (ids.length > 0) {
    const deliveries = await trx
      .selectFrom('deliveries')
      .select(['id', 'state'])
      .where('letter', 'in', ids)
      .orderBy('id')
      .execute()
    for (const { id, state } of deliveries)
      if (isOpen(state)) await moveDelivery(trx, id, { state: 'cancelled', evidence: 'said' }, now)
  }
  const { files } = await eraseLetters(trx, ids, now)
  await trx.deleteFrom('signatures').where('email', '=', email).execute()
  await trx.updateTable('directoryCorrections').set({ email: null }).where('email', '=', email).execute()
  return files
}
