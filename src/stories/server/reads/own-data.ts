import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers the stories that the viewer's own address or account told, whole, and their own page. For the download of own data. */
export async function ownStoryData(db: Db, viewer: Viewer) {
  const author = await db
    .selectFrom('authorPages')
    .select(['slug', 'name', 'created'])
    .where('account', '=', viewer.account)
    .executeTakeFirst()
  const told = await db
    .selectFrom('stories')
    .select(['slug', 'week', 'title', 'body', 'authorName', 'withName', 'toldHow', 'state', 'created'])
    .select(['published', 'link', 'linkTitle', 'linkWords'])
    .where((on) => on.or([on('email', '=', viewer.email), on('account', '=', viewer.account)]))
    // What somebody is worried about is kept from everybody, also from whoever told it.
    .where('held', 'is', null)
    .orderBy('created')
    .execute()
  return { told, author: author ?? null }
}
