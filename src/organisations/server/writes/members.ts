import { startLeading, stopLeading } from '#accounts/server/writes/leads.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayKeepMembers, mayVet } from '#organisations/may.ts'
import type { OwnOrganisation } from '#organisations/organisation.ts'
import { ownOrganisations } from '#organisations/server/reads/organisations.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type OfMember = { slug: string; account: string }

/** Says yes to somebody who says that they belong to an organisation. Idempotent. */
export const acceptMember = (db: Db, viewer: Viewer, input: OfMember, now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayKeepMembers)
    const accepted = await trx
      .updateTable('members')
      .set({ joined: now, addedBy: viewer.account })
      .where('organisation', '=', id)
      .where('account', '=', input.account)
      .where('joined', 'is', null)
      .returning('account')
      .executeTakeFirst()
    if (accepted) await writeDown(trx, viewer, { action: 'member.accepted', subject: `organisations:${id}` })
    return slug
  })

/** Says that a member's post has been checked, or takes that back. Idempotent. */
export const vetMember = (
  db: Db,
  viewer: Viewer,
  input: OfMember & { vetted: boolean },
  _now: Date,
): Promise<string> =>
  inTransaction(db, async (trx) => {
    const { id, slug } = await lockOrganisation(trx, viewer, input.slug, mayVet)
    const changed = await trx
      .updateTable('members')
      .set({ vetted: input.vetted })
      .where('organisation', '=', id)
      .where('account', '=', input.account)
      .where('joined', 'is not', null)
      .where('vetted', '<>', input.vetted)
      .returning('account')
      .executeTakeFirst()
    if (changed)
      await writeDown(trx, viewer, {
        action: input.vetted ? 'member.vetted' : 'member.unvetted',
        subject: `accounts:${input.account}`,
        details: { organisation: id },
      })
    return slug
  })

/** Lets a member lead as well, or no more; somebody always leads. Idempotent. */
export const shareLead = (
  db: Db,
  viewer: Viewer,
  input: OfMember & { lead: boolean },
  now: Date,
): Promise<string> =>
  inTransaction(db, async (trx) => {
    const organisation = await lockOrganisation(trx, viewer, input.slug, mayVet)
    const of = { account: input.account, organisation: organisation.id }
    if (!input.lead) {
      await refuseLast(trx, organisation, input.account)
      await stopLeading(trx, viewer, of)
      return organisation.slug
    }
    const member = await trx
      .selectFrom('members')
      .select('account')
      .where('organisation', '=', organisation.id)
      .where('account', '=', input.account)
      .where('joined', 'is not', null)
      .executeTakeFirst()
    if (!member) throw missing()
    await startLeading(trx, viewer, of, now)
    return organisation.slug
  })

async function refuseLast(trx: Trx, { id, type }: Left, account: string): Promise<void> {
  const { foundedBy } = await trx
    .selectFrom('organisations')
    .select('foundedBy')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const leads = await trx.selectFrom('roles').select('account').where('organisation', '=', id).execute()
  const last = leads.length > 0 && leads.every((lead) => lead.account === account)
  if (last || (type === 'family' && foundedBy === account))
    throw new Refusal('conflict', 'organisations.members.last-lead')
}

/** Ends that somebody belongs to an organisation, or says no to who asks. Idempotent. */
export const letMemberGo = (db: Db, viewer: Viewer, input: OfMember, _now: Date): Promise<string> =>
  inTransaction(db, async (trx) => {
    const organisation = await lockOrganisation(trx, viewer, input.slug, mayKeepMembers)
    await endMembership(trx, viewer, organisation, input.account)
    return organisation.slug
  })

/** Ends that the viewer belongs to an organisation, or asks to. Idempotent; whoever never belonged hears the same. */
export async function leaveOrganisation(
  db: Db,
  viewer: Viewer,
  input: { slug: string },
  _now: Date,
): Promise<void> {
  const mine = (await ownOrganisations(db, viewer)).find((one) => one.slug === input.slug)
  const { account } = viewer
  if (!mine || account === null) return
  if (mine.leads && mine.state === 'waiting') throw new Refusal('conflict', 'organisations.members.waits')
  await inTransaction(db, (trx) => endMembership(trx, viewer, mine, account))
}

type Left = Pick<OwnOrganisation, 'id' | 'type'>

async function endMembership(trx: Trx, viewer: Viewer, { id, type }: Left, account: string): Promise<void> {
  await refuseLast(trx, { id, type }, account)
  await stopLeading(trx, viewer, { account, organisation: id })
  const gone = await trx
    .deleteFrom('members')
    .where('organisation', '=', id)
    .where('account', '=', account)
    .returning('account')
    .executeTakeFirst()
  if (!gone) return
  const self = viewer.account === account
  await writeDown(trx, viewer, {
    action: self ? 'member.left' : 'member.let-go',
    subject: `organisations:${id}`,
  })
}
