import type { RestoreInput } from '#consent/permission.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Hides a surface from everybody in the caller's transaction, whatever it is; never refuses and is never slowed. `own`: by the person shown, nobody restores against it. Idempotent. */
export async function takeDown(
  db: Db,
  viewer: Viewer,
  input: { surface: string; own: boolean },
  now: Date,
): Promise<void> {
  return unwritten(db, viewer, input, now)
}

/** Brings a surface back as far as everything else allows: only somebody who neither posted nor hid it, never against the person's own no. */
export async function restore(db: Db, viewer: Viewer, input: RestoreInput, now: Date): Promise<void> {
  return unwritten(db, viewer, input, now)
}
