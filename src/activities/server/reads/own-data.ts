import { sql } from 'kysely'
import { titleUnlessHeld } from '#activities/server/reads/rsvp.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** The address has the title in it. */
const slugUnlessHeld = sql<string | null>`case when activities.held is null then activities.slug end`.as(
  'slug',
)

/** Answers what this room keeps about the viewer's own address: what they host, and where they said they come. For the download of own data. */
export async function ownActivityData(db: Db, viewer: Viewer) {
  const [hosting, coming] = await Promise.all([
    db
      .selectFrom('hosts')
      .innerJoin('activities', 'activities.id', 'hosts.activity')
      .select([slugUnlessHeld, titleUnlessHeld])
      .select(['activities.state', 'activities.week'])
      .select(['hosts.name', 'hosts.part', 'hosts.confirmed', 'hosts.created'])
      .where('hosts.email', '=', viewer.email)
      .orderBy('hosts.created')
      .execute(),
    db
      .selectFrom('rsvps')
      .innerJoin('activities', 'activities.id', 'rsvps.activity')
      .leftJoin('accessRequests', 'accessRequests.rsvp', 'rsvps.id')
      .select([slugUnlessHeld, titleUnlessHeld])
      .select(['rsvps.name', 'rsvps.seats', 'rsvps.state', 'rsvps.isNew', 'rsvps.came', 'rsvps.created'])
      .select(['accessRequests.words as asked'])
      .where('rsvps.email', '=', viewer.email)
      .orderBy('rsvps.created')
      .execute(),
  ])
  return { hosting, coming }
}
