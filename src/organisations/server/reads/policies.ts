import type { Viewer } from '#kernel/viewer.ts'
import { mayDecideOrganisations } from '#organisations/may.ts'
import { counts } from '#organisations/organisation.ts'
import { defaultPolicy, readPolicy, saysWhy, sitePolicy, type Policy } from '#organisations/policy.ts'
import { standingOf } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'

/** A policy with the number of its version; 0 is what holds in its nation until there is one. */
export type NumberedPolicy = Policy & { version: number }

/** One version as it was saved. */
export type PolicyVersion = { version: number; policy: Policy; by: string; created: Date }

const bySite: NumberedPolicy = { ...sitePolicy, version: 0 }
/** Says nothing of why, so that nobody is shown by it beyond the organisation. */
const unread: NumberedPolicy = { ...defaultPolicy(null), version: 0 }

/** Answers what an organisation allows at a moment. The site's own, which is the strictest, for whoever has none, while it waits for an organiser's yes and when it was taken away; when a version cannot be read, as strict and without a basis. */
export async function policyInForce(db: Db, organisation: string | null, now: Date): Promise<NumberedPolicy> {
  if (organisation === null) return bySite
  const row = await db
    .selectFrom('organisations as o')
    .leftJoin('policies as p', (on) => on.onRef('p.organisation', '=', 'o.id').on('p.created', '<=', now))
    .select(['o.state', 'o.hidden', 'o.nation', 'p.version', 'p.rules'])
    .where('o.id', '=', organisation)
    .orderBy('p.version', (order) => order.desc().nullsLast())
    .limit(1)
    .executeTakeFirst()
  if (!row || !counts({ state: row.state, hidden: row.hidden })) return bySite
  if (row.version === null) return { ...defaultPolicy(row.nation), version: 0 }
  const policy = readPolicy(row.rules)
  return policy && policy.nation === row.nation ? { ...policy, version: row.version } : unread
}

/** Answers which organisations that count have not written why the law allows them to show people, by their addresses; none to anybody but organisers. */
export async function withoutWhy(db: Db, viewer: Viewer): Promise<Set<string>> {
  if (!mayDecideOrganisations(viewer)) return new Set()
  const rows = await db
    .selectFrom('organisations as o')
    .leftJoinLateral(
      (on) =>
        on
          .selectFrom('policies')
          .select('rules')
          .whereRef('organisation', '=', 'o.id')
          .orderBy('version', 'desc')
          .limit(1)
          .as('p'),
      (on) => on.onTrue(),
    )
    .select(['o.slug', 'o.nation', 'p.rules'])
    .where('o.state', '=', 'agreed')
    .where('o.hidden', '=', false)
    .limit(1000)
    .execute()
  const silent = rows.filter(({ nation, rules }) => !saysWhy(readPolicy(rules) ?? defaultPolicy(nation)))
  return new Set(silent.map(({ slug }) => slug))
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
