import { authOf, linkName } from '#accounts/server/auth.ts'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers whose request this is, with their roles as they are now. Without a session cookie nothing is asked of anybody. Writes nothing. */
export async function viewerOf(db: Db, headers: Headers): Promise<Viewer> {
  if (!headers.get('cookie')?.includes('session_token=')) return anybody
  const found = await authOf(db).api.getSession({ headers })
  return found ? viewerFor(db, found.user.id) : anybody
}

/** Answers whether a mailed sign-in word would still work. Uses nothing up. */
export async function linkWorks(db: Db, token: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('verifications')
    .select('id')
    .where('identifier', '=', linkName(token))
    .where('expires', '>', now)
    .executeTakeFirst()
  return row !== undefined
}
