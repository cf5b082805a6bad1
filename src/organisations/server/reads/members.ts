import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayKeepMembers, mayReadPeople } from '#organisations/may.ts'
import type { Member } from '#organisations/organisation.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers who belongs to an organisation (at most 500): leads first, then by name. Only its lead sees addresses, and who asks to belong. */
export async function membersOf(db: Db, viewer: Viewer, organisation: string): Promise<Member[]> {
  const standing = await standingOf(db, viewer, organisation)
  if (!mayReadPeople(viewer, standing)) throw missing()
  const keeps = mayKeepMembers(viewer, standing)
  const rows = await db
    .selectFrom('accounts as a')
    .leftJoin('members as m', (on) =>
      on.onRef('m.account', '=', 'a.id').on('m.organisation', '=', organisation),
    )
    .leftJoin('roles as r', (on) =>
      on.onRef('r.account', '=', 'a.id').on('r.organisation', '=', organisation),
    )
    .select(['a.id as account', 'a.name', 'a.email', 'm.vetted', 'm.asked', 'm.joined'])
    .select(['r.created as leads', 'a.created as known'])
    .where((on) => on.or([on('m.account', 'is not', null), on('r.account', 'is not', null)]))
    .orderBy((on) => on('r.account', 'is', null))
    .orderBy('a.name')
    .limit(500)
    .execute()
  return rows
    .map((row) => ({
      account: row.account,
      name: row.name,
      email: keeps ? row.email : '',
      lead:
        row.leads !== null ||
        (standing.foundedBy === row.account && (standing.state === 'waiting' || standing.type === 'family')),
      vetted: row.vetted ?? false,
      asked: row.asked ?? row.leads ?? row.known,
      joined: row.joined ?? row.leads,
    }))
    .filter((member) => keeps || member.joined !== null)
}

/** An organisation and the people who lead it, for somebody who has to ask them. */
export type WhoToAsk = { name: string; leads: { name: string; email: string }[] }

/** Answers whom to ask about what an organisation answers for, at most 5: who leads it, in a family whoever founded it; for a reviewer whom the calling room has proven. Null when it is gone. */
export async function whoToAsk(db: Db, organisation: string): Promise<WhoToAsk | null> {
  const found = await db
    .selectFrom('organisations')
    .select(['name', 'type', 'foundedBy'])
    .where('id', '=', organisation)
    .executeTakeFirst()
  if (!found) return null
  const leads = await db
    .selectFrom('accounts as a')
    .select(['a.name', 'a.email'])
    .where('a.erasing', 'is', null)
    .where((on) =>
      on.or([
        on('a.id', '=', found.type === 'family' ? found.foundedBy : null),
        on(
          'a.id',
          'in',
          on
            .selectFrom('roles')
            .select('account')
            .where('role', '=', 'organisation-lead')
            .where('organisation', '=', organisation),
        ),
      ]),
    )
    .orderBy('a.name')
    .limit(5)
    .execute()
  return { name: found.name, leads }
}

/** Answers the accounts that can look at what an organisation shows: its leads and vetted practitioners; none while no organiser has agreed, in a family, and when it was taken away. */
export async function reviewersOfOrganisation(db: Db, organisation: string): Promise<string[]> {
  const rows = await db
    .selectFrom('organisations as o')
    .innerJoin('accounts as a', (on) => on.onTrue())
    .select('a.id')
    .where('o.id', '=', organisation)
    .where('o.state', '=', 'agreed')
    .where('o.type', '<>', 'family')
    .where('o.hidden', '=', false)
    .where((on) =>
      on.or([
        on.exists(
          on
            .selectFrom('members as m')
            .select('m.account')
            .whereRef('m.account', '=', 'a.id')
            .whereRef('m.organisation', '=', 'o.id')
            .where('m.vetted', '=', true),
        ),
        on.exists(
          on
            .selectFrom('roles as r')
            .select('r.account')
            .whereRef('r.account', '=', 'a.id')
            .whereRef('r.organisation', '=', 'o.id'),
        ),
      ]),
    )
    .limit(500)
    .execute()
  return rows.map((row) => row.id)
}

/** Answers whether somebody is a vetted practitioner of any organisation that an organiser has agreed to. */
export async function isVetted(db: Db, viewer: Viewer): Promise<boolean> {
  if (viewer.account === null) return false
  const row = await db
    .selectFrom('members as m')
    .innerJoin('organisations as o', 'o.id', 'm.organisation')
    .select('m.account')
    .where('m.account', '=', viewer.account)
    .where('m.vetted', '=', true)
    .where('o.state', '=', 'agreed')
    .where('o.type', '<>', 'family')
    .where('o.hidden', '=', false)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
