import { mayOpenAfterReview } from '#consent/may.ts'
import { lockConsent } from '#consent/server/log.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'

/** Shows again what was closed because the ledger was missing, broken or behind: an organiser has looked, and answers for it by name. Idempotent. */
export const openAfterReview = (
  db: Db,
  viewer: Viewer,
  input: { reason: string },
  _now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    if (!mayOpenAfterReview(viewer)) throw missing()
    await lockConsent(trx)
    const opened = await trx
      .updateTable('ledgerPosition')
      // The old file stays where it is; what narrows from now on goes into a new one.
      .set({ closed: false, why: '', ledger: null, n: 0, hash: '' })
      .where('closed', '=', true)
      .returning('n')
      .executeTakeFirst()
    if (!opened) return
    await writeDown(trx, viewer, {
      action: 'consent.opened-after-review',
      subject: 'consent:ledger',
      details: { reason: input.reason },
    })
  })
