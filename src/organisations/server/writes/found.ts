import { startLeading } from '#accounts/server/writes/leads.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { slugOf } from '#kernel/words.ts'
import { mayChangeOrganisation, mayDecideOrganisations, mayFound, mayLead } from '#organisations/may.ts'
import type { OrganisationInput } from '#organisations/organisation.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { tellNobodyOfNothing, tellOrganisers } from '#organisations/server/writes/waits.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { shortCode } from '#platform/server/tokens.ts'

/** Founds an organisation, or changes one that the viewer leads; refuses a change to something that was changed meanwhile. A new one waits for an organiser's yes, unless an organiser founds it or it is a family. Pressing twice does it once; five a day for one account. Answers its slug. */
export const saveOrganisation = (
  db: Db,
  viewer: Viewer,
  input: OrganisationInput,
  now: Date,
): Promise<string> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, `organisations.save ${viewer.account}`, input.formKey, () =>
      input.slug
        ? changeOrganisation(trx, viewer, { ...input, slug: input.slug })
        : foundOrganisation(trx, viewer, input, now),
    ),
  )

async function foundOrganisation(
  trx: Trx,
  viewer: Viewer,
  input: OrganisationInput,
  now: Date,
): Promise<string> {
  if (!mayFound(viewer) || viewer.account === null) throw new Refusal('forbidden', 'refusal.forbidden')
  await countOrRefuse(trx, { name: 'organisations.found', of: viewer.account, most: 5, minutes: 1440 }, now)
  const byOrganiser = mayDecideOrganisations(viewer)
  const agreed = byOrganiser || input.type === 'family'
  const slug = await freeSlug(trx, input)
  const { id } = await trx
    .insertInto('organisations')
    .values({
      slug,
      type: input.type,
      country: input.country,
      nation: input.nation,
      ...words(input),
      state: agreed ? 'agreed' : 'waiting',
      decided: agreed ? now : null,
      foundedBy: viewer.account,
      created: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('members')
    .values({ organisation: id, account: viewer.account, asked: now, joined: now, addedBy: viewer.account })
    .execute()
  if (byOrganiser && input.type !== 'family')
    await startLeading(trx, viewer, { account: viewer.account, organisation: id }, now)
  await writeDown(trx, viewer, {
    action: 'organisation.founded',
    subject: `organisations:${id}`,
    details: { type: input.type, agreed },
  })
  if (!agreed) await tellOrganisers(trx, id, now)
  return slug
}

async function freeSlug(trx: Trx, input: OrganisationInput): Promise<string> {
  // The name of a family would stand in addresses that are copied and logged.
  if (input.type === 'family') return `family-${shortCode(8)}`
  const base = slugOf(input.name) || input.type
  const taken = await trx.selectFrom('organisations').select('id').where('slug', '=', base).executeTakeFirst()
  // Where organisations are founded there is a page of that name.
  return taken || base === 'new' ? `${base}-${shortCode()}` : base
}

const words = (input: OrganisationInput) => ({
  name: input.name,
  town: input.town ?? '',
  safeguardingLead: input.safeguardingLead ?? '',
})

async function changeOrganisation(
  trx: Trx,
  viewer: Viewer,
  input: OrganisationInput & { slug: string },
): Promise<string> {
  const organisation = await lockOrganisation(trx, viewer, input.slug, mayChangeOrganisation)
  if (String(organisation.revision) !== input.revision) throw new Refusal('conflict', 'refusal.stale')
  // Whose law counts decides what is shown; while it waits nothing is shown by it.
  const open = organisation.state === 'waiting' && input.type !== 'family'
  const place = { type: input.type, country: input.country, nation: input.nation }
  await trx
    .updateTable('organisations')
    .set({ ...words(input), ...(open && place), revision: organisation.revision + 1 })
    .where('id', '=', organisation.id)
    .execute()
  await writeDown(trx, viewer, {
    action: 'organisation.changed',
    subject: `organisations:${organisation.id}`,
  })
  return input.slug
}

/** Takes back an organisation that still waits, with all that was entered in it. Only for whoever founded it. */
export const takeBackOrganisation = (
  db: Db,
  viewer: Viewer,
  input: { slug: string },
  _now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { id, state } = await lockOrganisation(trx, viewer, input.slug, mayLead)
    if (state !== 'waiting') throw new Refusal('conflict', 'organisations.form.not-waiting')
    await trx.deleteFrom('organisations').where('id', '=', id).execute()
    await tellNobodyOfNothing(trx)
    await writeDown(trx, viewer, { action: 'organisation.taken-back', subject: `organisations:${id}` })
  })
