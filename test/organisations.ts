import type { Insertable } from 'kysely'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import type { RoleCode, Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { Organisations, SupportedPeople } from '#platform/server/schema.ts'

/** Makes an account, with a role when told, and answers it as a viewer; its address is name@people.test. */
export async function makeAccount(
  db: Db,
  name: string,
  over: { role?: RoleCode; organisation?: string; group?: string } = {},
): Promise<Viewer> {
  const { id } = await db
    .insertInto('accounts')
    .values({ name, email: `${name}@people.test` })
    .returning('id')
    .executeTakeFirstOrThrow()
  const { role, organisation = null, group = null } = over
  if (role) await db.insertInto('roles').values({ account: id, role, organisation, group }).execute()
  return viewerFor(db, id)
}

/** Makes an organisation as it lies in the database: a school in England that an organiser agreed to, unless told otherwise. */
export const makeOrganisation = (
  db: Db,
  over: Partial<Insertable<Organisations>> = {},
): Promise<{ id: string; slug: string }> =>
  db
    .insertInto('organisations')
    .values({
      slug: `school-${Math.random().toString(36).slice(2, 10)}`,
      name: 'Hill School',
      type: 'school',
      country: 'GB',
      nation: 'england',
      state: 'agreed',
      decided: '2027-01-10T09:00:00Z',
      ...over,
    })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()

/** Makes a member of an organisation, vetted when told, and answers them as a viewer. */
export async function makeMember(
  db: Db,
  organisation: string,
  over: { name: string; vetted?: boolean; lead?: boolean },
): Promise<Viewer> {
  const { account } = await makeAccount(
    db,
    over.name,
    over.lead ? { role: 'organisation-lead', organisation } : {},
  )
  if (account === null) throw new Error('An account was made without an id')
  await db
    .insertInto('members')
    .values({ organisation, account, vetted: over.vetted ?? false, joined: '2027-01-10T09:00:00Z' })
    .execute()
  return viewerFor(db, account)
}

/** Makes somebody an organisation supports: an adult called by a letter, unless told otherwise. */
export const makeSupported = async (
  db: Db,
  organisation: string,
  over: Partial<Insertable<SupportedPeople>> = {},
): Promise<string> =>
  (
    await db
      .insertInto('supportedPeople')
      .values({ organisation, label: 'S.K.', ageBand: 'adult', ...over })
      .returning('id')
      .executeTakeFirstOrThrow()
  ).id
