import { Refusal } from '#kernel/refusal.ts'
import { organises, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Removes the invented stories of the example week. Idempotent. */
export async function removeExampleStories(db: Db, viewer: Viewer): Promise<void> {
  if (!organises(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await db.deleteFrom('stories').where('example', '=', true).execute()
}
