import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { sayDays } from '#kernel/times.ts'
import { nameRule, sayRule } from '#organisations/policy-words.ts'
import { rules } from '#organisations/policy.ts'
import { policyVersions } from '#organisations/server/reads/policies.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  const { organisation } = await parent()
  const versions = await policyVersions(locals.db, locals.viewer, organisation.id)
  const one = versions.find(({ version }) => String(version) === params.version)
  if (!one) throw missing()
  const text = textIn(locals.language)
  const day = one.created.toISOString().slice(0, 10)
  return {
    version: one.version,
    by: one.by || 'none',
    when: sayDays(day, day, locals.language),
    rules: rules.map((rule): [string, string] => [nameRule(rule, text), sayRule(one.policy, rule, text)]),
  }
}
