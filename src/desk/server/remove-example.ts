import { Refusal } from '#kernel/refusal.ts'
import { organises, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Removes the invented reports of the example week. Idempotent. */
export async function removeExampleConcerns(db: Db, viewer: Viewer): Promise<void> {
  if (!organises(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await db.deleteFrom('concerns').where('example', '=', true).execute()
}
