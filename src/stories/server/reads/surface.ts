import type { Db } from '#platform/server/db.ts'
import { htmlOf } from '#stories/telling.ts'

/** A story as whoever is asked about its pictures sees it: the real words, in whatever state they are. */
export type SurfaceStory = { title: string; html: string; language: string; told: string }

/** Answers the story that pictures lie on, for somebody whom the caller has found to be asked about them; null when it is gone, or held for somebody's safety. */
export async function storyOfSurface(db: Db, surface: string): Promise<SurfaceStory | null> {
  const row = await db
    .selectFrom('stories')
    .select(['title', 'body', 'language', 'authorName'])
    .where('id', '=', surface)
    .where('held', 'is', null)
    .executeTakeFirst()
  return row
    ? { title: row.title, html: htmlOf(row.body), language: row.language, told: row.authorName }
    : null
}
