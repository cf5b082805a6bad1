import { startLeading } from '#accounts/server/writes/leads.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayDecideOrganisations } from '#organisations/may.ts'
import type { DecisionInput, Touched } from '#organisations/organisation.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { tellNobodyOfNothing } from '#organisations/server/writes/waits.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** Agrees to an organisation, whose founder then leads it, or declines it with a reason. Mails the founder. Deciding the same twice does it once. */
export async function decideOrganisation(
  trx: Trx,
  viewer: Viewer,
  input: DecisionInput,
  now: Date,
): Promise<Touched> {
  const organisation = await lockOrganisation(trx, viewer, input.slug, mayDecideOrganisations)
  const touched: Touched = { organisation: organisation.id, slug: organisation.slug, people: 'all' }
  const state = input.decision === 'agree' ? 'agreed' : 'declined'
  if (organisation.state === state) return touched
  if (organisation.state === 'agreed') throw new Refusal('conflict', 'organisations.decide.agreed')
  await trx
    .updateTable('organisations')
    .set({ state, decided: now, reason: state === 'declined' ? (input.reason ?? '') : '' })
    .where('id', '=', organisation.id)
    .execute()
  const { id, foundedBy } = organisation
  if (state === 'agreed' && foundedBy !== null)
    await startLeading(trx, viewer, { account: foundedBy, organisation: id }, now)
  await writeDown(trx, viewer, { action: `organisation.${state}`, subject: `organisations:${id}` })
  await tellNobodyOfNothing(trx)
  await tellFounder(trx, { ...organisation, state, reason: input.reason ?? '' }, now)
  return touched
}

type Told = {
  id: string
  slug: string
  name: string
  foundedBy: string | null
  state: string
  reason: string
}

async function tellFounder(trx: Trx, organisation: Told, now: Date): Promise<void> {
  const founder = await trx
    .selectFrom('accounts')
    .select(['email', 'language'])
    .where('id', '=', organisation.foundedBy)
    .executeTakeFirst()
  if (!founder) return
  const site = siteAddress(readConfig())
  const agreed = organisation.state === 'agreed'
  await queueMail(trx, {
    key: `organisation-${organisation.state}:${organisation.id}`,
    address: founder.email,
    name: agreed ? 'organisation-agreed' : 'organisation-declined',
    params: {
      title: organisation.name,
      reason: organisation.reason,
      link: `${site}/desk/organisations/${organisation.slug}`,
      stopLink: `${site}/me`,
    },
    language: founder.language,
    urgency: 'answer',
    due: now,
  })
}

/** Takes an organisation away, so that what it allows counts no more, or brings it back. Idempotent. */
export async function hideOrganisation(
  trx: Trx,
  viewer: Viewer,
  input: { slug: string; hidden: boolean },
  _now: Date,
): Promise<Touched> {
  if (!mayDecideOrganisations(viewer)) throw missing()
  const { id, slug, hidden } = await lockOrganisation(trx, viewer, input.slug, mayDecideOrganisations)
  if (hidden !== input.hidden) {
    await trx.updateTable('organisations').set({ hidden: input.hidden }).where('id', '=', id).execute()
    await writeDown(trx, viewer, {
      action: input.hidden ? 'organisation.hidden' : 'organisation.shown',
      subject: `organisations:${id}`,
    })
  }
  return { organisation: id, slug, people: 'all' }
}
