import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers the certificates (the newest 1,000) that were made for activities which the viewer hosts: code, day, activity. Whom each thanks is kept nowhere. For the download of own data. */
export async function ownKitData(db: Db, viewer: Viewer) {
  const certificates = await db
    .selectFrom('certificates as c')
    .innerJoin('activities as a', 'a.id', 'c.activity')
    .innerJoin('hosts as h', 'h.activity', 'a.id')
    .select(['c.code', 'c.made'])
    .select((on) => on.case().when('a.held', 'is', null).then(on.ref('a.slug')).end().as('activity'))
    .where('h.email', '=', viewer.email)
    .where('h.confirmed', 'is not', null)
    .orderBy('c.made', 'desc')
    .orderBy('c.code')
    .limit(1000)
    .execute()
  return { certificates }
}
