import type { CheckInput, Saying } from '#consent/permission.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { unwritten } from '#consent/server/unwritten.ts'

/** Keeps what the poster says of who is in a version. Narrows at once; opens nothing until somebody else has checked it. Whose paper forms are known is asked of them. */
export async function sayWhoIsIn(
  db: Db,
  viewer: Viewer,
  input: Saying,
  now: Date,
): Promise<{ said: string }> {
  return unwritten(db, viewer, input, now)
}

/** Says that this is who is in it: only somebody who neither posted it nor said so. Idempotent. */
export async function checkWhoIsIn(db: Db, viewer: Viewer, input: CheckInput, now: Date): Promise<void> {
  return unwritten(db, viewer, input, now)
}
