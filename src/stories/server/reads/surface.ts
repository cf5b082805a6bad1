import type { Db } from '#platform/server/db.ts'
import type { Telling } from '#stories/article.ts'
import { seen, storyOf, wholeText } from '#stories/server/reads/shown.ts'

/** A story as it will stand for everybody, in whatever state it is, without its photographs; `published` only where its time may be told. */
export type SurfaceStory = Omit<Telling, 'pictures'> & { published: Date | null }

/** Answers the story that pictures lie on, for somebody whom the caller has found to be asked about them; null when it is gone, or held for somebody's safety. */
export async function storyOfSurface(db: Db, surface: string, now: Date): Promise<SurfaceStory | null> {
  const row = await seen(db, { now, letters: wholeText, pictures: 0, circle: 5, heard: false })
    .where('s.id', '=', surface)
    .where('s.held', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { locatable, ...story } = storyOf(row)
  return { ...story, published: locatable ? row.published : null }
}

/** Answers the titles of stories by id, at most 500, for pages of the desk that list what is shown; what is gone, set aside or held for somebody's safety is not among them. */
export async function storyTitles(db: Db, surfaces: readonly string[]): Promise<Map<string, string>> {
  if (surfaces.length === 0) return new Map()
  const rows = await db
    .selectFrom('stories')
    .select(['id', 'title'])
    .where('id', 'in', surfaces.slice(0, 500))
    .where('held', 'is', null)
    .where('setAside', 'is', null)
    .execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}
