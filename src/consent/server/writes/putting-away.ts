import type { Id, PutAway } from '#consent/events.ts'
import { handOf } from '#consent/server/hands.ts'
import { keepInLedger } from '#consent/server/ledger.ts'
import { append, lockConsent } from '#consent/server/log.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Trx } from '#platform/server/db.ts'

/** Keeps in the ledger, before the caller's transaction ends, that the room which owns something took it from where people could see it, so that a restore of an older backup does not show it again. It changes nothing else: lock rows of your own before. */
export async function putAway(
  trx: Trx,
  viewer: Viewer,
  { surface, how }: { surface: Id; how: PutAway },
  now: Date,
): Promise<void> {
  await lockConsent(trx)
  const facts = { kind: 'put-away', surface, how } as const
  await keepInLedger(trx, await append(trx, [{ facts, by: handOf(viewer) }], now))
}
