import type { Viewer } from '#kernel/viewer.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Lets the organisation's own use case write its policy and hides what it no longer allows, in one transaction. A looser one publishes nothing. */
export async function changePolicy<Input extends { organisation: string }, Result>(
  db: Db,
  viewer: Viewer,
  input: Input & { write: (trx: Trx, viewer: Viewer, input: Input, now: Date) => Promise<Result> },
  now: Date,
): Promise<Result> {
  return unwritten(db, viewer, input, now)
}
