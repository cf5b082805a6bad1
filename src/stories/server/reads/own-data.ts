import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers the stories that the viewer's own address or account told, whole. For the download of own data. */
export const ownStoryData = (db: Db, viewer: Viewer) =>
  db
    .selectFrom('stories')
    .select(['slug', 'week', 'title', 'body', 'authorName', 'withName', 'state', 'created', 'published'])
    .where((on) => on.or([on('email', '=', viewer.email), on('account', '=', viewer.account)]))
    .orderBy('created')
    .execute()
