import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayChangePolicy, mayDecideOrganisations } from '#organisations/may.ts'
import type { Touched } from '#organisations/organisation.ts'
import { fieldOf, ruleOf, type PolicyInput } from '#organisations/policy-form.ts'
import {
  ceilingOf,
  defaultPolicy,
  movesOf,
  readPolicy,
  type Policy,
  type Rule,
} from '#organisations/policy.ts'
import { routes } from '#kernel/permission-words.ts'
import type { SeenOrganisation } from '#organisations/server/reads/organisations.ts'
import { lockOrganisation } from '#organisations/server/writes/lock.ts'
import { writeDown } from '#platform/server/audit.ts'
import type { Trx } from '#platform/server/db.ts'

/** From which age somebody may decide by themselves at the earliest: the law of Scotland presumes it at 12. */
const earliest = (nation: Policy['nation']): number => (nation === 'scotland' ? 12 : 16)

/** Answers the newest version, or what holds in its nation while there is none. */
async function newest(
  trx: Trx,
  organisation: SeenOrganisation,
): Promise<{ version: number; policy: Policy }> {
  const row = await trx
    .selectFrom('policies')
    .select(['version', 'rules'])
    .where('organisation', '=', organisation.id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return { version: 0, policy: defaultPolicy(organisation.nation) }
  return { version: row.version, policy: readPolicy(row.rules) ?? defaultPolicy(null) }
}

/** Refuses, at its field, a rule that is looser than the law of the nation lets it be, or than this viewer may make it: beyond what holds there by default, a family and an organisation of a country whose law the site does not know need an organiser. */
function refuseBeyond(viewer: Viewer, organisation: SeenOrganisation, policy: Policy, before: Policy): void {
  const ceiling = ceilingOf(organisation.nation)
  for (const route of routes)
    if ((policy.widest[route] ?? -1) > (ceiling[route] ?? -1))
      throw new Refusal('invalid', 'organisations.policy.beyond-law', {}, ruleOf(route))
  if (policy.decidesAt < earliest(organisation.nation))
    throw new Refusal(
      'invalid',
      'organisations.policy.decides-too-early',
      { age: earliest(organisation.nation) },
      'decides',
    )
  const free = organisation.nation !== null && organisation.type !== 'family'
  if (free || mayDecideOrganisations(viewer)) return
  const loosened = (other: Policy): Rule[] =>
    movesOf(policy, other).flatMap(({ rule, move }) =>
      move === 'looser' && rule !== 'basis' && rule !== 'condition' ? [rule] : [],
    )
  const now = new Set(loosened(before))
  const beyond = loosened(defaultPolicy(organisation.nation)).find((rule) => now.has(rule))
  if (beyond) throw new Refusal('forbidden', 'organisations.policy.ask-organiser', {}, fieldOf(beyond))
}

/** Answers how a policy as written would stand, and how it stood before, without saving it; refuses what `savePolicy` would refuse. */
export async function weighPolicy(
  trx: Trx,
  viewer: Viewer,
  input: PolicyInput,
  _now: Date,
): Promise<{ organisation: SeenOrganisation; policy: Policy; before: Policy; version: number }> {
  const organisation = await lockOrganisation(trx, viewer, input.slug, mayChangePolicy)
  const { version, policy: before } = await newest(trx, organisation)
  if (version !== input.version) throw new Refusal('conflict', 'refusal.stale')
  const policy: Policy = { nation: organisation.nation, ...input.rules }
  refuseBeyond(viewer, organisation, policy, before)
  return { organisation, policy, before, version }
}

/** Saves what an organisation allows as a new version, and changes none there is; saving the same again makes none. What it no longer allows must be hidden in the same transaction: the caller does that with what it touched. */
export async function savePolicy(
  trx: Trx,
  viewer: Viewer,
  input: PolicyInput,
  now: Date,
): Promise<Touched & { version: number }> {
  const { organisation, policy, before, version } = await weighPolicy(trx, viewer, input, now)
  const touched: Touched = { organisation: organisation.id, slug: organisation.slug, people: 'all' }
  if (movesOf(policy, before).length === 0) return { ...touched, version }
  await trx
    .insertInto('policies')
    .values({
      organisation: organisation.id,
      version: version + 1,
      rules: JSON.stringify(policy),
      byAccount: viewer.account,
      created: now,
    })
    .execute()
  await writeDown(trx, viewer, {
    action: 'organisation.policy-saved',
    subject: `organisations:${organisation.id}`,
    details: { version: version + 1 },
  })
  return { ...touched, version: version + 1 }
}
