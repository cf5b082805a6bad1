import { day } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'
import { unconfirmedDays } from '#stories/server/writes/tell.ts'

/** Removes stories that nobody confirmed a week ago, whole: they may have been typed by somebody else; and links that have ended. What somebody's worry holds keeps all of it. Answers how many of each. Idempotent. */
export async function forgetUnconfirmedStories(
  db: Db,
  now: Date,
): Promise<Record<'unconfirmed-stories' | 'story-links', number>> {
  const before = new Date(now.getTime() - unconfirmedDays * day)
  const stories = await db
    .deleteFrom('stories')
    .where('state', '=', 'unverified')
    .where('example', '=', false)
    .where('updated', '<=', before)
    .executeTakeFirst()
  const held = db.selectFrom('stories').select('id').where('held', 'is not', null)
  const links = await db
    .deleteFrom('storyLinks')
    .where('expires', '<=', now)
    .where('story', 'not in', held)
    .executeTakeFirst()
  return {
    'unconfirmed-stories': Number(stories.numDeletedRows),
    'story-links': Number(links.numDeletedRows),
  }
}
