import { effectOf } from '#consent/server/reads/policy-effect.ts'
import { changePolicy } from '#consent/server/writes/policy.ts'
import { mayComeBack } from '#desk/server/pictures.ts'
import { textIn } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'
import { counts } from '#organisations/organisation.ts'
import { policyAsForm, policyForm } from '#organisations/policy-form.ts'
import { defaultPolicy, tighterThan } from '#organisations/policy.ts'
import { policyVersions } from '#organisations/server/reads/policies.ts'
import { savePolicy, weighPolicy } from '#organisations/server/writes/policy.ts'
import { inTransaction } from '#platform/server/db.ts'
import { act } from '../../../../act.ts'
import { sayChanges } from './changes.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent, url }) => {
  const { organisation } = await parent()
  const { db, viewer, language } = locals
  const [versions, back] = await Promise.all([
    policyVersions(db, viewer, organisation.id),
    mayComeBack(db, viewer, organisation.id),
  ])
  const day = (date: Date): string => date.toISOString().slice(0, 10)
  return {
    version: versions[0]?.version ?? 0,
    mayComeBack: back.length,
    values: policyAsForm(versions[0]?.policy ?? defaultPolicy(organisation.nation)),
    saved: url.searchParams.get('saved'),
    versions: versions.map(({ version, by, created }, at) => {
      const before = versions[at + 1]?.policy ?? (version === 1 ? defaultPolicy(organisation.nation) : null)
      const policy = versions[at]?.policy
      return {
        version,
        by: by || 'none',
        when: sayDays(day(created), day(created), language),
        changes: before && policy ? sayChanges(policy, before, textIn(language)) : [],
      }
    }),
  }
}

export const actions: Actions = {
  save: act(
    policyForm,
    changePolicy(savePolicy),
    ({ slug, version }) => `/desk/organisations/${slug}/policy?saved=${version}`,
  ),
  weigh: act(
    policyForm,
    async (db, viewer, input, now) => {
      const weighed = await inTransaction(db, (trx) => weighPolicy(trx, viewer, input, now))
      const { organisation, policy } = weighed
      const effect = counts(organisation)
        ? await effectOf(db, { organisation: organisation.id, policy }, now)
        : null
      return { ...weighed, effect }
    },
    ({ policy, before, effect }, event) => ({
      values: policyAsForm(policy),
      errors: {} as Record<string, string>,
      said: null,
      weighed: sayChanges(policy, before, textIn(event.locals.language)),
      tighter: tighterThan(policy, before),
      effect,
    }),
  ),
}
