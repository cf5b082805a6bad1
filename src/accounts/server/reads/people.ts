import { addDays, dayOf, type Day } from '#kernel/times.ts'
import { missing } from '#kernel/refusal.ts'
import type { RoleCode, Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { siteSettings } from '#site/server/reads.ts'
import {
  rosterDays,
  type Duty,
  type GivenRole,
  type OwnAccount,
  type Person,
  type RosterDay,
} from '#accounts/account.ts'
import { maySeeRoles, maySeeRoster } from '#accounts/may.ts'

const given = (db: Db) =>
  db
    .selectFrom('roles')
    .innerJoin('accounts', 'accounts.id', 'roles.account')
    .select(['roles.id', 'roles.role', 'roles.group', 'roles.organisation', 'roles.created'])
    .select(['accounts.id as account', 'accounts.name', 'accounts.email'])
    .orderBy('roles.role')
    .orderBy('roles.created')

/** Answers who has which role, oldest first in each, without those whose account will be erased and the people of an example that was removed. For organisers. */
export async function listRoles(db: Db, viewer: Viewer): Promise<GivenRole[]> {
  if (!maySeeRoles(viewer)) throw missing()
  const rows = await given(db)
    .where('accounts.erasing', 'is', null)
    .where('accounts.setAside', '=', false)
    .execute()
  return rows
}

const withRole = (db: Db, roles: readonly RoleCode[]): Promise<Person[]> =>
  db
    .selectFrom('accounts')
    .select(['accounts.id as account', 'accounts.name', 'accounts.email', 'accounts.language'])
    .where('accounts.erasing', 'is', null)
    .where('accounts.id', 'in', (given) =>
      given.selectFrom('roles').select('account').where('role', 'in', roles),
    )
    .orderBy('accounts.name')
    .orderBy('accounts.email')
    .execute()

/** Answers everybody who decides about what waits: organisers and reviewers, each once. */
export const reviewersOf = (db: Db): Promise<Person[]> => withRole(db, ['organiser', 'reviewer'])

/** Answers everybody who organises the site. */
export const organisersOf = (db: Db): Promise<Person[]> => withRole(db, ['organiser'])

/** Answers whether anybody at all organises the site. */
export async function hasOrganiser(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('roles')
    .select('id')
    .where('role', '=', 'organiser')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Answers the day it is for whoever is on duty: by the site's own zone. */
export const dutyDay = async (db: Db, now: Date): Promise<Day> => dayOf(now, (await siteSettings(db)).zone)

/** Answers who looks after the queue at a moment and who is the backup; both may be empty. For telling them, not for showing. */
export async function onDuty(db: Db, now: Date): Promise<Duty> {
  const [only] = await rosterOf(db, await dutyDay(db, now), 1)
  return only ?? { duty: [], backup: [] }
}

/** Answers who is on duty today and on the days that follow. For everybody who helps to look after something. */
export async function dutyRoster(db: Db, viewer: Viewer, now: Date, days = rosterDays): Promise<RosterDay[]> {
  if (!maySeeRoster(viewer)) throw missing()
  return rosterOf(db, await dutyDay(db, now), days)
}

async function rosterOf(db: Db, from: Day, days: number): Promise<RosterDay[]> {
  const rows = await db
    .selectFrom('duties')
    .innerJoin('accounts', 'accounts.id', 'duties.account')
    .select(['duties.day', 'duties.part'])
    .select(['accounts.id as account', 'accounts.name', 'accounts.email', 'accounts.language'])
    .where('accounts.erasing', 'is', null)
    .where('duties.day', '>=', from)
    .where('duties.day', '<', addDays(from, days))
    .orderBy('accounts.name')
    .execute()
  return Array.from({ length: days }, (_, ahead) => {
    const day = addDays(from, ahead)
    const on = (part: string): Person[] =>
      rows
        .filter((row) => row.day === day && row.part === part)
        .map(({ account, name, email, language }) => ({ account, name, email, language }))
    return { day, duty: on('duty'), backup: on('backup') }
  })
}

/** Answers the viewer's own account with its roles. */
export async function ownAccount(db: Db, viewer: Viewer): Promise<OwnAccount> {
  const account = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'email', 'language', 'trusted', 'created', 'erasing'])
    .where('id', '=', viewer.account ?? '00000000-0000-0000-0000-000000000000')
    .executeTakeFirst()
  if (!account) throw missing()
  const roles = await given(db).where('accounts.id', '=', account.id).execute()
  return { ...account, roles }
}

/** Answers everything this room keeps about the viewer, for the download of own data. */
export async function ownAccountData(db: Db, viewer: Viewer) {
  const account = await ownAccount(db, viewer)
  const [sessions, duties, deeds] = await Promise.all([
    db
      .selectFrom('sessions')
      .select(['created', 'expires', 'userAgent'])
      .where('account', '=', account.id)
      .execute(),
    db.selectFrom('duties').select(['day', 'part']).where('account', '=', account.id).execute(),
    db
      .selectFrom('auditLog')
      .select(['at', 'action', 'subject'])
      .where('account', '=', account.id)
      .orderBy('id')
      .execute(),
  ])
  const roles = account.roles.map(({ role, group, organisation, created }) => ({
    role,
    group,
    organisation,
    created,
  }))
  return { account: { ...account, roles }, sessions, duties, deeds }
}
