import type { Group, GroupLine } from '#groups/group.ts'
import { mayReadGroup } from '#groups/may.ts'
import { organises, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

const columns = [
  'id',
  'slug',
  'name',
  'page',
  'country',
  'region',
  'town',
  'lat',
  'lon',
  'rhythm',
  'example',
  'hidden',
  'revision',
] as const

/** Answers the groups everybody may see (at most 500), by country, then name. */
export const listGroups = (db: Db): Promise<GroupLine[]> =>
  db
    .selectFrom('groups')
    .select(['slug', 'name', 'country', 'region', 'town', 'rhythm'])
    .where('hidden', '=', false)
    .orderBy('country')
    .orderBy('name')
    .limit(500)
    .execute()

/** Answers the names of groups by their ids, for whoever has met the ids already. */
export async function groupNames(db: Db, ids: readonly unknown[]): Promise<Record<string, string>> {
  const wanted = ids.filter((id) => typeof id === 'string')
  if (wanted.length === 0) return {}
  const rows = await db.selectFrom('groups').select(['id', 'name']).where('id', 'in', wanted).execute()
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

/** Answers a group by its address, or null when it is not there or not for this viewer. */
export async function groupBySlug(db: Db, viewer: Viewer, slug: string): Promise<Group | null> {
  // PostgreSQL cannot be asked for a null byte.
  if (slug.includes('\0')) return null
  const group = await db
    .selectFrom('groups')
    .select(columns)
    .where('slug', '=', slug)
    .where('setAside', 'is', null)
    .executeTakeFirst()
  return group && mayReadGroup(viewer, group) ? group : null
}

/** Answers the groups a viewer looks after (at most 500), hidden ones included. */
export async function groupsLedBy(db: Db, viewer: Viewer): Promise<Group[]> {
  const led = viewer.roles.flatMap((role) => (role.role === 'group-lead' && role.group ? [role.group] : []))
  if (!organises(viewer) && led.length === 0) return []
  return db
    .selectFrom('groups')
    .select(columns)
    .where('setAside', 'is', null)
    .$if(!organises(viewer), (query) => query.where('id', 'in', led))
    .orderBy('name')
    .limit(500)
    .execute()
}

/** Answers where a group's lead hears from us; only for whoever leads it. */
export async function groupEmail(db: Db, viewer: Viewer, id: string): Promise<string | null> {
  const mine = await groupsLedBy(db, viewer)
  if (!mine.some((group) => group.id === id)) return null
  const row = await db.selectFrom('groups').select('email').where('id', '=', id).executeTakeFirst()
  return row?.email ?? null
}
