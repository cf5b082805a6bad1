import { canonical } from '#consent/server/canonical.ts'
import { rulesOf } from '#consent/ceiling.ts'
import type { Event, Facts, Id } from '#consent/events.ts'
import type { Draft } from '#consent/server/log.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import type { Trx } from '#platform/server/db.ts'

/** Answers what has to be written into the log so that it knows the policies in force: nothing for organisations whose policy it knows. */
export async function unknownRules(
  trx: Trx,
  organisations: readonly Id[],
  known: readonly (Event | Facts)[],
  now: Date,
): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (const organisation of new Set(organisations)) {
    const { version, ...policy } = await policyInForce(trx, organisation, now)
    const rules = rulesOf(policy)
    const last = known.findLast((event) => event.kind === 'policy' && event.organisation === organisation)
    if (last?.kind === 'policy' && canonical(last.rules) === canonical(rules)) continue
    drafts.push({ facts: { kind: 'policy', organisation, version, rules }, by: 'site' })
  }
  return drafts
}
