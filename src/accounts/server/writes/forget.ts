import type { Db } from '#platform/server/db.ts'

/** Removes sign-in words and sessions whose time is over, and answers how many. Run by the clock. */
export async function forgetOldLinks(db: Db, now: Date): Promise<number> {
  const words = await db.deleteFrom('verifications').where('expires', '<', now).executeTakeFirst()
  const sessions = await db.deleteFrom('sessions').where('expires', '<', now).executeTakeFirst()
  return Number(words.numDeletedRows + sessions.numDeletedRows)
}
