import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Whose like it is: of an account whatever they sit at; else of a browser, by the random word it keeps. */
export type Liking = { story: string; browser: string; client?: string }

const whoLikes = (viewer: Viewer, { browser }: Liking): string =>
  keyedHash(viewer.account === null ? `like:browser:${browser}` : `like:account:${viewer.account}`)

/** Adds somebody to those who like a story that the caller has found readable: once, however often it is pressed (rule 27). Refuses a thousand new ones in an hour from one place. */
export async function likeOnce(db: Db, viewer: Viewer, input: Liking, now: Date): Promise<void> {
  if (input.client !== undefined)
    await countOrRefuse(db, { name: 'like-from', of: input.client, most: 1000, minutes: 60 }, now)
  await db
    .insertInto('likes')
    .values({ story: input.story, who: whoLikes(viewer, input), account: viewer.account, created: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Takes somebody out of those who like a story. Idempotent. */
export async function likeNoLonger(db: Db, viewer: Viewer, input: Liking): Promise<void> {
  await db
    .deleteFrom('likes')
    .where('story', '=', input.story)
    .where('who', '=', whoLikes(viewer, input))
    .execute()
}

/** Answers whether somebody likes a story. */
export async function likes(db: Db, viewer: Viewer, input: Liking): Promise<boolean> {
  const row = await db
    .selectFrom('likes')
    .select('story')
    .where('story', '=', input.story)
    .where('who', '=', whoLikes(viewer, input))
    .executeTakeFirst()
  return row !== undefined
}
