import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import type { GiveRole } from '#accounts/account.ts'
import { accountFor } from '#accounts/server/writes/account-for.ts'
import { mayGiveRoles } from '#accounts/may.ts'

/** Gives a role to the account of an address, which is made when it is new, and mails where to sign in. Giving it again does nothing. */
export async function giveRole(db: Db, viewer: Viewer, input: GiveRole, now: Date): Promise<void> {
  if (!mayGiveRoles(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const group = input.role === 'group-lead' ? (input.group ?? null) : null
  const organisation = input.role === 'organisation-lead' ? (input.organisation ?? null) : null
  if (input.role === 'group-lead' && !group) throw new Refusal('invalid', 'input.choose', {}, 'group')
  if (input.role === 'organisation-lead' && !organisation)
    throw new Refusal('invalid', 'input.choose', {}, 'organisation')
  await inTransaction(db, async (trx) => {
    const account = await accountFor(trx, input.email, input.name ?? '')
    const added = await trx
      .insertInto('roles')
      .values({ account, role: input.role, group, organisation, givenBy: viewer.account, created: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!added) return
    await writeDown(trx, viewer, {
      action: 'role.given',
      subject: `accounts:${account}`,
      details: { role: input.role, group },
    })
    const site = siteAddress(readConfig())
    await queueMail(trx, {
      key: `role-given:${added.id}`,
      address: input.email,
      name: 'role-given',
      params: {
        role: input.role === 'organisation-lead' ? 'lead' : input.role,
        link: `${site}/sign-in?next=/desk`,
        stopLink: `${site}/report`,
      },
      urgency: 'answer',
      due: now,
    })
  })
}

/** Takes a role away; taking it twice does no harm. The last organiser stays. */
export async function takeRole(db: Db, viewer: Viewer, input: { id: string }, _now: Date): Promise<void> {
  if (!mayGiveRoles(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await inTransaction(db, async (trx) => {
    const organisers = await lockOrganisers(trx)
    if (organisers.length === 1 && organisers[0]?.id === input.id)
      throw new Refusal('conflict', 'accounts.people.last-organiser')
    const gone = await trx
      .deleteFrom('roles')
      .where('id', '=', input.id)
      .returning(['account', 'role', 'group'])
      .executeTakeFirst()
    if (!gone) return
    await writeDown(trx, viewer, {
      action: 'role.taken',
      subject: `accounts:${gone.account}`,
      details: { role: gone.role, group: gone.group },
    })
  })
}

/** Locks the organisers' roles, so that two who leave at the same moment cannot leave the site to nobody. */
export const lockOrganisers = (trx: Trx): Promise<{ id: string; account: string }[]> =>
  trx
    .selectFrom('roles')
    .select(['id', 'account'])
    .where('role', '=', 'organiser')
    .orderBy('id')
    .forUpdate()
    .execute()
