import type { Db } from '#platform/server/db.ts'

/** Closes everything that needs permission in a restored database, until the ledger has been replayed. Idempotent. */
export async function closeRestored(db: Db): Promise<void> {
  await db.updateTable('ledgerPosition').set({ closed: true, why: 'restored' }).execute()
}
