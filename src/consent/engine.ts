import { lineage } from '#consent/about.ts'
import { rulesFor } from '#consent/ceiling.ts'
import { allHold } from '#consent/covers.ts'
import type { Id, Rules } from '#consent/events.ts'
import { peopleGates, personHolds, type PersonGate } from '#consent/people.ts'
import { always, holdsAt, meet, meetAll, never, since, type Instant, type Ranges } from '#consent/ranges.ts'
import type { Need } from '#consent/routes.ts'
import { sightOf, type Sight } from '#consent/sight.ts'
import { partOf, type Placement, type State } from '#consent/state.ts'
import { floorOf, noStranger, notHeld, placementRuns, surfaceRuns } from '#consent/stops.ts'
import { overWhys, type Why } from '#consent/why.ts'
import { whoIsIn, type InIt } from '#consent/who.ts'
import { day } from '#kernel/limits.ts'
import type { Route } from '#kernel/permission-words.ts'

/** All that has to hold for a placement: of itself, and of each person in it. */
export type Gates = { needs: readonly Need[]; people: readonly PersonGate[] }

const whenever = (holds: boolean): Ranges => (holds ? always : never)

/** Answers who is in what a placement shows. */
export const inItOf = ({ state, surface, inIt }: Sight, { version }: Placement): InIt =>
  inIt.get(partOf(surface, version)) ?? whoIsIn(state, surface, version)

/** Answers all that has to hold for a placement to be seen: the one place where it is decided. */
export function gatesOf(sight: Sight, placement: Placement): Gates {
  const { state, surface } = sight
  const line = lineage(state, placement.version)
  const inIt = inItOf(sight, placement)
  const floor = floorOf(state, placement)
  const rules = rulesFor(state, placement, floor, null)
  const needs: Need[] = [
    { why: 'purged', when: whenever(!placement.purged) },
    { why: 'draft', when: placement.asked === null ? never : since(floor) },
    { why: 'hold', when: notHeld(state, surface) },
    { why: 'taken-down', when: surfaceRuns(state, surface) },
    { why: 'second-person', when: placementRuns(state, placement) },
    { why: 'words', when: described(state, placement.version) },
    { why: 'not-over', when: isOver(sight) },
    { why: 'later', when: isLater(sight, rules) },
    { why: 'policy', when: whenever(rules.every(({ purposes }) => purposes.includes(placement.purpose))) },
    { why: 'somebody-objected', when: noStranger(state, placement, line) },
    // What nobody has looked at is for those who support the person, at most.
    { why: 'who-is-in-it', when: placement.circle === 0 ? inIt.ended : inIt.resolved },
  ]
  if (inIt.nobody) needs.push({ why: 'nobody-circle', when: whenever(allowNobody(rules, placement)) })
  return { needs, people: peopleGates(sight, placement, inIt, { line, floor }) }
}

/** A picture can be taken in without seeing it before it is shown (rule 30). */
function described(state: State, version: Id | null): Ranges {
  if (version === null) return always
  const known = state.versions.get(version)?.described
  return known?.is ? since(known.at) : never
}

const allowNobody = (rules: readonly Rules[], placement: Placement): boolean =>
  rules.every(({ widest }) => widest.nobody !== undefined && placement.circle <= widest.nobody)

/** When the activity of a story is over. */
const overSince = ({ state, surface }: Sight): number | null => state.surfaces.get(surface)?.notBefore ?? null

/** A story appears when its activity is over (rule 15). */
const isOver = (sight: Sight): Ranges => since(overSince(sight) ?? -Infinity)

/** And days later where somebody must not be found (rule 15). */
function isLater(sight: Sight, rules: readonly Rules[]): Ranges {
  const { state, surface, locatable } = sight
  if (locatable) return always
  const placed = (state.placed.get(surface) ?? []).map((placement) => placement.placed)
  const from = overSince(sight) ?? Math.min(...placed)
  return since(from + Math.max(0, ...rules.map(({ delay }) => delay)) * day)
}

/** Answers when all of some gates hold. */
export function gatesHold({ needs, people }: Gates): Ranges {
  const common = allHold(needs)
  return common.length === 0 ? never : meet(common, meetAll(people.map(personHolds)))
}

/** Answers when what is on the week's public pages may also go where nobody can take it back from: everybody in it and every policy allows that as well. */
export const goesBeyond = (sight: Sight, placement: Placement): Ranges =>
  placement.circle < 5 ? never : gatesHold(gatesOf(sight, { ...placement, circle: 6 }))

/** Answers when a surface may be seen: its words, and with them everything on it that is or was live. Hiding a part hides the whole; what never was live does not. */
export function surfaceShows(sight: Sight): Ranges {
  const { state, surface } = sight
  const all = state.placed.get(surface) ?? []
  const parts = all.filter(({ version, live, purged }) => !purged && (version === null || live !== null))
  // What was taken out while it was stopped keeps the rest from coming back by itself.
  const gone = all.filter(({ version, live, purged }) => purged && version !== null && live !== null)
  return meetAll([
    notHeld(state, surface),
    surfaceRuns(state, surface),
    isOver(sight),
    isLater(
      sight,
      parts.flatMap((placement) => rulesFor(state, placement, floorOf(state, placement), null)),
    ),
    ...parts.map((placement) => gatesHold(gatesOf(sight, placement))),
    ...gone.map((placement) => placementRuns(state, placement)),
  ])
}

/** Answers when something may be seen, as far as is known now: a placement together with its whole surface, or a surface. All of the future that needs nobody's doing is in it, so that reading asks only whether it holds now. */
export function showsOf(state: State, id: Id): Ranges {
  const placement = state.placements.get(id)
  if (!placement) return surfaceShows(sightOf(state, id))
  const sight = sightOf(state, placement.surface)
  const own = gatesHold(gatesOf(sight, placement))
  return own.length === 0 ? never : meet(own, surfaceShows(sight))
}

/** What does not hold at a moment: of the placement, and of each person in it; of several permissions, what the one lacks that can still come to hold and lacks least, and by which way it is decided there. */
export type Missing = { own: Why[]; people: { person: Id; route: Route | null; whys: Why[] }[] }

/** Answers what does not hold at a moment. */
export function missingAt({ needs, people }: Gates, at: Instant): Missing {
  const lack = (all: readonly Need[]): Why[] => [
    ...new Set(all.filter(({ when }) => !holdsAt(when, at)).map(({ why }) => why)),
  ]
  return {
    own: lack(needs),
    people: people.map(({ person, needs: of, permissions }) => {
      const told = toldOf(permissions.map((one) => ({ route: one.route, whys: lack(one.needs) })))
      return { person, route: told?.route ?? null, whys: [...new Set([...lack(of), ...(told?.whys ?? [])])] }
    }),
  }
}

/** Which of several permissions is told of: what was ended by another way of deciding, or is over, would hide what is still to be done. Of equals the newest. */
function toldOf<One extends { whys: readonly Why[] }>(oldestFirst: readonly One[]): One | undefined {
  const newest = oldestFirst.toReversed()
  const open = newest.filter(({ whys }) => !whys.some((why) => overWhys.includes(why)))
  return open.toSorted((one, other) => one.whys.length - other.whys.length)[0] ?? newest[0]
}
