import type { Id, Rules } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import type { Placement, Policy, State } from '#consent/state.ts'
import { day } from '#kernel/limits.ts'
import type { Circle, Route } from '#kernel/permission-words.ts'
import { paperFrom, sitePolicy, type Policy as WrittenPolicy } from '#organisations/policy.ts'

/** Answers what of a policy decides what may be seen. */
export const rulesOf = (policy: WrittenPolicy): Rules => ({
  widest: policy.widest,
  purposes: policy.purposes,
  days: policy.days,
  basis: policy.basis.trim() !== '',
  condition: policy.condition.trim() !== '',
  askedAgainAt: policy.askedAgainAt,
  decidesAt: policy.decidesAt,
  parentToo: policy.parentToo,
  paperFrom: paperFrom(policy.nation),
  delay: policy.delay,
})

const strictest: readonly Rules[] = [rulesOf(sitePolicy)]

/** Answers every version of an organisation's policy that has been in force since a moment. All of them have to allow: what one of them hid comes back only by a person, and a looser one publishes nothing (rule 19). */
function inForceSince(state: State, organisation: Id | null, floor: Instant): readonly Rules[] {
  const all = organisation === null ? undefined : state.policies.get(organisation)
  if (!all) return strictest
  const latest = all.reduce((last, policy, at) => (policy.at <= floor ? at : last), 0)
  return all.slice(latest).map((policy: Policy) => policy.rules)
}

/** Answers a state as if only the policy that is in force now had ever been: what is told of rules is told of these. */
export function underPoliciesNow(state: State): State {
  if ([...state.policies.values()].every(({ length }) => length <= 1)) return state
  return { ...state, policies: new Map([...state.policies].map(([id, all]) => [id, all.slice(-1)])) }
}

/** Answers all rules that a placement and a person in it are under: of whoever answers for the placement, and of whoever supports the person. */
export function rulesFor(
  state: State,
  placement: Placement,
  floor: Instant,
  supportedBy: Id | null,
): readonly Rules[] {
  const rules = inForceSince(state, placement.organisation, floor)
  if (supportedBy === null || supportedBy === placement.organisation) return rules
  return [...rules, ...inForceSince(state, supportedBy, floor)]
}

/** Answers whether every one of the rules lets this way of deciding go so far. */
export const allowRoute = (rules: readonly Rules[], route: Route, placement: Placement): boolean =>
  rules.every(({ widest, condition }) => {
    const most = widest[route]
    if (most === undefined || placement.circle > most) return false
    return route !== 'best-interests' || placement.circle <= 3 || condition
  })

/** Beyond whom nobody is shown without a written basis: the organisation's own people. */
const own: Circle = 2

/** Answers whether every one of the rules says why the law allows showing people so far: authority, permission and assent without a basis are not enough. */
export const isLawful = (rules: readonly Rules[], placement: Placement): boolean =>
  placement.circle <= own || rules.every(({ basis, condition }) => basis && condition)

/** Answers the last moment that every one of the rules lets a permission last to. */
export const lastsTo = (rules: readonly Rules[], route: Route, base: Instant): Instant =>
  Math.min(...rules.map(({ days }) => base + (days[route] ?? days.other) * day))
