import type { Hand, Id, RecordFacts } from '#consent/events.ts'
import { holdsByPaper } from '#consent/holder.ts'
import { holdsAt, type Instant } from '#consent/ranges.ts'
import { authorities, endedAt, lacksCapacity, paperSeen, restingOn } from '#consent/records.ts'
import type { Permission, Record, State } from '#consent/state.ts'
import { everyPoster } from '#consent/stops.ts'
import type { Route } from '#kernel/permission-words.ts'

/** How it was decided for somebody: by which way, by whose hand, and the records behind it. `posted` says of a hand that it posted something there. */
export type Decided = {
  person: Id
  route: Route
  by: Hand
  permission: Id
  posted: (hand: Hand) => boolean
  records: readonly {
    id: Id
    facts: RecordFacts
    by: Hand
    /** Whether somebody who neither posted nor decided has seen the paper; null: it is none, or they found none. */
    seen: boolean | null
  }[]
}

const isPaper = (state: State, { id, facts }: Record): boolean =>
  !state.disagreed.has(id) &&
  (facts.type === 'authority' || (facts.type === 'holder' && holdsByPaper(facts.as)))

/** The records that a yes rests on, and at any age who holds parental responsibility. */
function behind(state: State, permission: Permission, at: Instant): Record[] {
  const { given, route, person, about, answers } = permission
  const rests = given && [
    restingOn(authorities(state, person, about), given.authority, given.at)?.record,
    restingOn(lacksCapacity(state, person, about), given.capacity, given.at)?.record,
    given.bestInterests,
  ]
  const asked = (holder: Id): boolean =>
    route === 'parents' || answers.some((answer) => answer.holder === holder)
  const kinds: { [Way in Route]?: readonly RecordFacts['type'][] } = {
    attorney: ['authority', 'capacity'],
    'best-interests': ['best-interests', 'capacity', 'holder'],
    parents: ['holder'],
    'young-person': ['competence', 'holder'],
  }
  return (state.records.get(person) ?? []).filter(
    ({ id, facts }) =>
      (kinds[route] ?? []).includes(facts.type) &&
      endedAt(state, id) > at &&
      (rests?.includes(id) ||
        facts.type === 'competence' ||
        (facts.type === 'holder' && asked(facts.holder))),
  )
}

/** Answers until when the records hold that a yes by somebody else rests on: they are due to be looked at again, or a paper ends. */
export function restsUntil(state: State, permission: Permission, at: Instant): Instant {
  const ends = behind(state, permission, at).map(({ facts }) => {
    if (facts.type === 'best-interests' || facts.type === 'capacity') return facts.review
    return facts.type === 'authority' ? (facts.ends ?? Infinity) : Infinity
  })
  return Math.min(Infinity, ...ends)
}

/** Answers whoever decided by a permission, as hands. */
export const decidersOf = (permission: Permission): Hand[] => [
  ...(permission.given ? [permission.given.by] : []),
  ...permission.answers.map(({ by }) => by),
]

/** Answers how it was decided for everybody on a surface who was asked there and has said yes. */
export function decidedOn(state: State, surface: Id, at: Instant): Decided[] {
  const posters = everyPoster(state, surface)
  return [...state.permissions.values()].flat().flatMap((permission): Decided[] => {
    const { given, route, person, about, finals } = permission
    const here = about.surface === surface || about.surface === null
    if (!here || given === null || finals.size > 0 || permission.ends <= at) return []
    const deciders = decidersOf(permission)
    const records = behind(state, permission, at).map((record) => ({
      id: record.id,
      facts: record.facts,
      by: record.by,
      seen: isPaper(state, record) ? holdsAt(paperSeen(state, record, [...posters, ...deciders]), at) : null,
    }))
    const posted = (hand: Hand): boolean => posters.includes(hand)
    return [{ person, route, by: given.by, permission: permission.id, posted, records }]
  })
}
