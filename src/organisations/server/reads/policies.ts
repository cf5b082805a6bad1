import type { Viewer } from '#kernel/viewer.ts'
import { counts } from '#organisations/organisation.ts'
import { defaultPolicy, readPolicy, type Policy } from '#organisations/policy.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'

/** A policy with the number of its version; 0 is what holds in its nation until there is one. */
export type NumberedPolicy = Policy & { version: number }

/** One version as it was saved. */
export type PolicyVersion = { version: number; policy: Policy; by: string; created: Date }

const strictest = (): NumberedPolicy => ({ ...defaultPolicy(null), version: 0 })

/** Answers what an organisation allows at a moment. The strictest for whoever has none, while it waits for an organiser's yes, when it was taken away, and when a version cannot be read. */
export async function policyInForce(db: Db, organisation: string | null, now: Date): Promise<NumberedPolicy> {
  if (organisation === null) return strictest()
  const row = await db
    .selectFrom('organisations as o')
    .leftJoin('policies as p', (on) => on.onRef('p.organisation', '=', 'o.id').on('p.created', '<=', now))
    .select(['o.state', 'o.hidden', 'o.nation', 'p.version', 'p.rules'])
    .where('o.id', '=', organisation)
    .orderBy('p.version', (order) => order.desc().nullsLast())
    .limit(1)
    .executeTakeFirst()
  if (!row || !counts({ state: row.state, hidden: row.hidden })) return strictest()
  if (row.version === null) return { ...defaultPolicy(row.nation), version: 0 }
  const policy = readPolicy(row.rules)
  return policy && policy.nation === row.nation ? { ...policy, version: row.version } : strictest()
}

/** Answers what an organisation has said it allows, newest first (at most 100); nothing when it keeps to what holds by default. */
export async function policyVersions(db: Db, viewer: Viewer, organisation: string): Promise<PolicyVersion[]> {
  await standingOf(db, viewer, organisation)
  const rows = await db
    .selectFrom('policies as p')
    .leftJoin('accounts as a', 'a.id', 'p.byAccount')
    .select(['p.version', 'p.rules', 'p.created', 'a.name'])
    .where('p.organisation', '=', organisation)
    .orderBy('p.version', 'desc')
    .limit(100)
    .execute()
  return rows.map(({ version, rules, created, name }) => ({
    version,
    policy: readPolicy(rules) ?? defaultPolicy(null),
    by: name ?? '',
    created,
  }))
}
