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

/** Answers the titles of stories by id, at most 500, for pages of the desk that list what is shown; what is gone or held for somebody's safety is not among them. */
export async function storyTitles(db: Db, surfaces: readonly string[]): Promise<Map<string, string>> {
  if (surfaces.length === 0) return new Map()
  const rows = await db
    .selectFrom('stories')
    .select(['id', 'title'])
    .where('id', 'in', surfaces.slice(0, 500))
    .where('held', 'is', null)
    .execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}
