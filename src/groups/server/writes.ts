import type { GroupInput } from '#groups/group.ts'
import { mayChangeGroup, mayHideGroup, mayMakeGroup } from '#groups/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { addJob } from '#platform/server/queue.ts'
import { findPlaces } from '#platform/server/places.ts'
import { shortCode } from '#platform/server/tokens.ts'

/** Starts a group's page, or changes one that the viewer leads; refuses a change to something that was changed meanwhile. Pressing twice does it once. Answers its slug. */
export const saveGroup = (db: Db, viewer: Viewer, input: GroupInput, now: Date): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'groups.save', input.formKey, () =>
      input.slug
        ? changeGroup(trx, viewer, { ...input, slug: input.slug }, now)
        : makeGroup(trx, viewer, input, now),
    ),
  )

async function values(trx: Trx, input: GroupInput, now: Date) {
  const place = input.town ? (await findPlaces(trx, input.town, input.country))[0] : undefined
  if (input.town && !place) throw new Refusal('invalid', 'groups.town-unknown', {}, 'town')
  return {
    name: input.name,
    country: input.country,
    region: input.region ?? '',
    town: input.town ?? '',
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    rhythm: input.rhythm ?? '',
    page: input.page ?? '',
    email: input.email,
    updated: now,
  }
}

async function makeGroup(trx: Trx, viewer: Viewer, input: GroupInput, now: Date): Promise<string> {
  if (!mayMakeGroup(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const name = slugOf(input.name) || 'group'
  const taken = await trx.selectFrom('groups').select('id').where('slug', '=', name).executeTakeFirst()
  const slug = taken ? `${name}-${shortCode()}` : name
  const made = await trx
    .insertInto('groups')
    .values({ slug, created: now, ...(await values(trx, input, now)) })
    .returning('id')
    .executeTakeFirstOrThrow()
  await writeDown(trx, viewer, { action: 'group.made', subject: `groups:${made.id}` })
  return slug
}

async function changeGroup(
  trx: Trx,
  viewer: Viewer,
  input: GroupInput & { slug: string },
  now: Date,
): Promise<string> {
  const group = await trx
    .selectFrom('groups')
    .select(['id', 'revision'])
    .where('slug', '=', input.slug)
    .where('setAside', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!group || !mayChangeGroup(viewer, group)) throw missing()
  if (String(group.revision) !== input.revision) throw new Refusal('conflict', 'refusal.stale')
  await trx
    .updateTable('groups')
    .set({ ...(await values(trx, input, now)), revision: group.revision + 1 })
    .where('id', '=', group.id)
    .execute()
  await addJob(trx, 'group.changed', { group: group.id }, { key: `group ${group.id}` })
  await writeDown(trx, viewer, { action: 'group.changed', subject: `groups:${group.id}` })
  return input.slug
}

/** Takes a group's page away, or brings it back. Idempotent. */
export async function hideGroup(
  db: Db,
  viewer: Viewer,
  input: { slug: string; hidden: boolean },
): Promise<void> {
  if (!mayHideGroup(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await inTransaction(db, async (trx) => {
    const group = await trx
      .updateTable('groups')
      .set({ hidden: input.hidden })
      .where('slug', '=', input.slug)
      .where('setAside', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!group) throw missing()
    await writeDown(trx, viewer, {
      action: input.hidden ? 'group.hidden' : 'group.shown',
      subject: `groups:${group.id}`,
    })
  })
}
