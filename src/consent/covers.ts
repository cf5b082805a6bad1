import { reachesTo } from '#consent/about.ts'
import { allowRoute, lastsTo } from '#consent/ceiling.ts'
import type { About, Id, Rules } from '#consent/events.ts'
import { always, meetAll, never, since, until, type Ranges } from '#consent/ranges.ts'
import { needsOf, untilNextAge, type Need } from '#consent/routes.ts'
import type { Given, Objection, Permission, Person, Placement, State } from '#consent/state.ts'
import { modifierOf } from '#consent/permission-scope.ts'
import type { Why } from '#consent/why.ts'
import type { Mode, Route } from '#kernel/permission-words.ts'

/** Somebody in a placement, with all that a permission of theirs has to cover. */
export type Asked = {
  state: State
  placement: Placement
  /** The version and what it was made from. */
  line: readonly Id[]
  about: About
  person: Person
  modes: readonly Mode[]
  /** When not both their name and their face are on the surface. */
  nameless: Ranges
  seenYes: boolean
  looked: boolean
  rules: readonly Rules[]
  /** Noes that only a new yes of whoever said them takes back. */
  noes: readonly Objection[]
}

const whenever = (holds: boolean): Ranges => (holds ? always : never)
const own: readonly Route[] = ['own', 'other-adult', 'young-person']

/** Answers the permissions that were asked for with this in mind. */
export const permissionsFor = ({ state, person, about, line }: Asked): Permission[] =>
  (state.permissions.get(person.id) ?? []).filter((permission) => reachesTo(permission.about, about, line))

/** Answers all that one permission needs to cover somebody in a placement. */
export function needsFor(asked: Asked, permission: Permission): Need[] {
  const { given } = permission
  const obeyed = asked.noes.every((no) => given !== null && takesBack(permission, given, no))
  const final = (['withdrawn', 'declined', 'expired'] as const).find((one) => permission.finals.has(one))
  if (final || !given) {
    const why = final ?? whyOpen(permission)
    // That it ran out, or is asked anew, does not hide a no that stands.
    const hides = !obeyed && (why === 'expired' || why === 'no-answer' || why === 'best-interests-record')
    return (hides ? (['objection', why] as const) : [why]).map((one) => ({ why: one, when: never }))
  }
  const { state, placement, person, about, rules, seenYes, looked } = asked
  const deciding = {
    state,
    placement,
    person,
    permission,
    given,
    about,
    rules,
    seenYes: seenYes || given.assent === 'yes',
    looked: looked || given.assent !== null,
  }
  return [
    { why: 'term', when: since(Math.max(permission.starts, given.at)) },
    {
      why: 'expired',
      when: until(Math.min(permission.ends, lastsTo(rules, permission.route, permission.base))),
    },
    { why: 'route-policy', when: whenever(allowRoute(rules, permission.route, placement)) },
    { why: 'wider', when: whenever(allows(permission, given, asked)) },
    { why: 'not-seen', when: whenever(wasSeen(permission, given, asked)) },
    { why: 'asked-at-age', when: untilNextAge(deciding) },
    { why: 'objection', when: whenever(obeyed) },
    ...suspended(state, permission),
    { why: 'name-and-face', when: isOwnAdult(permission) ? always : asked.nameless },
    ...needsOf(deciding),
  ]
}

/** A question that still waits for somebody has its answer once one of several said no (rule 20). */
function whyOpen({ answers, suspensions, route }: Permission): Why {
  if (answers.some(({ answer }) => answer === 'no')) return 'one-no'
  // Those who were asked besides may have answered; it is decided by a record.
  if (route === 'best-interests') return 'best-interests-record'
  return suspensions.some(({ why }) => why === 'not-sure') ? 'not-sure' : 'no-answer'
}

/** Nothing is wider than both what was asked and what was given: circle, purpose, modifiers, ways of being in it (rule 22). */
function allows(permission: Permission, given: Given, { placement, modes }: Asked): boolean {
  const modifiers = [...placement.modifiers, ...modes.flatMap((mode) => modifierOf[mode] ?? [])]
  return [permission.scope, given.scope].every(
    (scope) =>
      placement.circle <= scope.circle &&
      scope.purposes.includes(placement.purpose) &&
      modifiers.every((modifier) => scope.modifiers.includes(modifier)) &&
      modes.every((mode) => scope.modes.includes(mode)),
  )
}

/** A decision about one story covers what was looked at; one about a series, each picture that was tapped. */
function wasSeen(permission: Permission, given: Given, { placement, line }: Asked): boolean {
  if (permission.about.surface === null && permission.about.version === null) return true
  if (placement.version === null) return given.seen?.includes(null) ?? false
  return line.some((version) => given.seen?.includes(version) ?? false)
}

function takesBack(permission: Permission, given: Given, no: Objection): boolean {
  if (!given.after.includes(no.id)) return false
  return no.whose === 'person' ? own.includes(permission.route) : no.whose === 'decider'
}

const isOwnAdult = ({ route }: Permission): boolean => route === 'own' || route === 'other-adult'

function suspended(state: State, permission: Permission): Need[] {
  return permission.suspensions.map(({ id, why }): { why: Why; when: Ranges } => {
    const back = (state.taken.get(id) ?? []).reduce((early, { at }) => Math.min(early, at), Infinity)
    return { why, when: back === Infinity ? never : since(back) }
  })
}

/** Answers when all of some needs hold. */
export const allHold = (needs: readonly Need[]): Ranges => meetAll(needs.map(({ when }) => when))
