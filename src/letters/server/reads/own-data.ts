import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers what is kept of the viewer's letters and of the joint letters they signed (the newest 1,000 of each), for the download of own data. */
export async function ownLetterData(
  db: Db,
  viewer: Viewer,
): Promise<{ letters: unknown[]; signatures: unknown[] }> {
  const [letters, signatures] = await Promise.all([
    db
      .selectFrom('letters')
      .select(['week', 'ask', 'writer', 'title', 'words', 'sender', 'created', 'released', 'erase'])
      .where('email', '=', viewer.email)
      .orderBy('created', 'desc')
      .limit(1000)
      .execute(),
    db
      .selectFrom('signatures')
      .select(['shown', 'confirmed', 'created'])
      .where('email', '=', viewer.email)
      .orderBy('created', 'desc')
      .limit(1000)
      .execute(),
  ])
  return { letters, signatures }
}
