import { aboutOf } from '#consent/about.ts'
import { isLawful, rulesFor } from '#consent/ceiling.ts'
import { allHold, needsFor, permissionsFor, type Asked } from '#consent/covers.ts'
import type { Id } from '#consent/events.ts'
import { always, joinAll, meet, meetAll, never, since, type Ranges } from '#consent/ranges.ts'
import type { Need } from '#consent/routes.ts'
import type { Sight } from '#consent/sight.ts'
import type { Appearance, Objection, Person, Placement } from '#consent/state.ts'
import { afterDeath } from '#consent/stewards.ts'
import { noesOf, noIsOver } from '#consent/stops.ts'
import type { InIt } from '#consent/who.ts'
import type { Mode, Route } from '#kernel/permission-words.ts'

/** What somebody in a placement needs: all of `needs`, and all needs of at least one of `permissions`. */
export type PersonGate = {
  person: Id
  needs: readonly Need[]
  /** Oldest first. */
  permissions: readonly { permission: Id; route: Route; needs: readonly Need[] }[]
}

const whenever = (holds: boolean): Ranges => (holds ? always : never)

/** Where a placement is looked at from: its version with what that was made from, and since when policies count. */
export type From = { line: readonly Id[]; floor: number }

/** Answers what everybody in a placement needs. */
export function peopleGates(sight: Sight, placement: Placement, inIt: InIt, from: From): PersonGate[] {
  const here = new Map<Id, Appearance[]>([...inIt.about].map((person) => [person, []]))
  for (const appearance of inIt.shown) {
    if (appearance.person !== null) here.get(appearance.person)?.push(appearance)
  }
  return [...here].map(([id, appearances]) => {
    const person = sight.state.people.get(id)
    if (!person) return { person: id, needs: [{ why: 'forgotten', when: never }], permissions: [] }
    return personGate(sight, placement, { person, appearances, ...from })
  })
}

type Here = From & { person: Person; appearances: readonly Appearance[] }

function personGate(sight: Sight, placement: Placement, here: Here): PersonGate {
  const { state } = sight
  const { person, appearances, line, floor } = here
  const noes = noesOf(state, person.id, placement, line)
  const firm = noes.filter(({ whose }) => whose !== 'observed')
  const modes = [...new Set(appearances.flatMap((appearance) => appearance.modes))]
  const needs = [
    afterDeath(state, person, placement),
    ...marks(person, placement, modes),
    seenNoes(sight, placement, noes),
  ]
  if (appearances.length === 0) {
    // Covered, or only told about: no permission is needed, and a no is obeyed.
    needs.push({ why: 'objection', when: whenever(firm.length === 0) })
    return { person: person.id, needs, permissions: [] }
  }
  const rules = rulesFor(state, placement, floor, person.organisation)
  needs.push({ why: 'lawful-basis', when: whenever(isLawful(rules, placement)) })
  const asked: Asked = {
    state,
    placement,
    line,
    person,
    modes,
    noes: firm,
    about: aboutOf(state, placement),
    nameless: nameless(sight, person.id),
    seenYes: appearances.every(({ assent }) => assent === 'yes'),
    looked: appearances.every(({ assent }) => assent !== null),
    rules,
  }
  const permissions = permissionsFor(asked).map((permission) => ({
    permission: permission.id,
    route: permission.route,
    needs: needsFor(asked, permission),
  }))
  // A no on paper stands where nobody has been asked here.
  if (permissions.length === 0) needs.push({ why: firm.length > 0 ? 'objection' : 'not-asked', when: never })
  return { person: person.id, needs, permissions }
}

/** When not both the name and the face of somebody are on a surface (rule 14); what was there before the name was taken out stays so. */
function nameless({ people, unnamed }: Sight, person: Id): Ranges {
  const modes = people.get(person)
  if (!modes?.has('face')) return always
  return modes.has('name') ? never : since(unnamed.get(person) ?? -Infinity)
}

function marks(person: Person, placement: Placement, modes: readonly Mode[]): Need[] {
  const placeless = !modes.includes('place') && !placement.modifiers.includes('place')
  return [
    { why: 'forgotten', when: whenever(!person.forgotten) },
    { why: 'do-not-show', when: whenever(!person.doNotShow) },
    { why: 'not-locatable', when: whenever(!person.notLocatable || placeless) },
  ]
}

const seenNoes = ({ state }: Sight, placement: Placement, noes: readonly Objection[]): Need => ({
  why: 'objection',
  when: meetAll(
    noes.filter(({ whose }) => whose === 'observed').map((no) => noIsOver(state, no, placement.postedBy)),
  ),
})

/** Answers when all that somebody needs holds. */
export const personHolds = ({ needs, permissions }: PersonGate): Ranges => {
  const own = allHold(needs)
  return permissions.length === 0 ? own : meet(own, joinAll(permissions.map((one) => allHold(one.needs))))
}
