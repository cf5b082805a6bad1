import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Brings what the ledger knows and the database does not (it was restored) back into force; idempotent. Nothing that needs permission is shown until it has run; a missing or broken ledger keeps it closed. Answers how many entries came back. */
export async function replayLedger(db: Db, now: Date): Promise<{ replayed: number; closed: boolean }> {
  return unwritten(db, now)
}
