import { agesAsked, decidedAt, reaches } from '#consent/ages.ts'
import { reachesTo } from '#consent/about.ts'
import type { About, Hand, Id, Rules } from '#consent/events.ts'
import { holdsByPaper } from '#consent/holder.ts'
import { always, between, join, joinAll, meetAll, never, since, until, type Ranges } from '#consent/ranges.ts'
import {
  allHoldersKnown,
  authorities,
  decidesThemselves,
  endedAt,
  holdersOf,
  isCompetent,
  lacksCapacity,
  paperSeen,
  recordsOf,
  restingOn,
  restsOn,
} from '#consent/records.ts'
import type { Given, Permission, Person, Placement, Record, State } from '#consent/state.ts'
import type { Why } from '#consent/why.ts'

/** One thing that has to hold, and when it does. */
export type Need = { why: Why; when: Ranges }

/** All that a way of deciding is judged by. */
export type Deciding = {
  state: State
  placement: Placement
  person: Person
  permission: Permission
  given: Given
  about: About
  rules: readonly Rules[]
  /** A yes was seen for this very picture. */
  seenYes: boolean
  /** It was looked for, and no sign of a no was seen. */
  looked: boolean
}

const whenever = (holds: boolean): Ranges => (holds ? always : never)

/** Answers what each way of deciding needs (the table of docs/permission.md), beyond what every permission needs. */
export function needsOf(deciding: Deciding): Need[] {
  switch (deciding.permission.route) {
    case 'own':
    case 'other-adult':
      return ownNeeds(deciding)
    case 'attorney':
      return attorneyNeeds(deciding)
    case 'best-interests':
      return bestInterestsNeeds(deciding)
    case 'parents':
      return parentsNeeds(deciding)
    case 'young-person':
      return youngPersonNeeds(deciding)
    case 'nobody':
      // A check by a second person does that; nobody decides it for somebody.
      return [{ why: 'not-asked', when: never }]
  }
}

/** What was decided at one age is asked again at the next (rule 21). */
export function untilNextAge({ person, given, rules }: Deciding): Ranges {
  const moments = agesAsked(rules).map((age) => reaches(person, age))
  if (moments.some((moment) => moment === null)) return never
  const decided = decidedAt(given)
  return until(
    Math.min(...moments.filter((moment): moment is number => moment !== null && moment > decided), Infinity),
  )
}

function aged({ person }: Deciding, from: number | null, to: number | null): Ranges {
  const begin = from === null ? -Infinity : reaches(person, from)
  const end = to === null ? Infinity : reaches(person, to)
  return begin === null || end === null ? never : between(begin, end)
}

function ownNeeds(deciding: Deciding): Need[] {
  const { state, person, given, about } = deciding
  return [
    { why: 'route-age', when: aged(deciding, 18, null) },
    { why: 'capacity-lost', when: decidesThemselves(state, person.id, about, decidedAt(given)) },
  ]
}

/** The record that a decision named, as long as it says that somebody cannot decide this themselves. */
function lacking({ state, person, given, about, permission }: Deciding): Need {
  const named = recordsOf(state, person.id, 'capacity').find(({ id }) => id === given.capacity)
  const covers = named !== undefined && reachesTo(named.facts.about, permission.about)
  const spans = lacksCapacity(state, person.id, about).find(({ record }) => record === given.capacity)
  return { why: 'capacity-record', when: covers ? (spans?.when ?? never) : never }
}

/** From when somebody who neither posted nor decided had seen a paper; whoever looked and found none is a no to it (rule 20). */
const seenPaper = (state: State, record: Record, others: readonly Hand[]): Need =>
  state.disagreed.has(record.id)
    ? { why: 'disagreed', when: never }
    : { why: 'sighted', when: paperSeen(state, record, others) }

/** Whoever holds parental responsibility by a paper decides once somebody has seen it who neither posted nor answers for it; of everybody who does, or of one holder. */
function ordersSeen({ state, person, permission, placement }: Deciding, only?: Id): Need[] {
  const byPaper = recordsOf(state, person.id, 'holder').filter(
    ({ id, facts }) =>
      holdsByPaper(facts.as) &&
      (only === undefined || only === facts.holder) &&
      endedAt(state, id) === Infinity,
  )
  return byPaper.map((record) => {
    const answered = permission.answers.filter(({ holder }) => holder === record.facts.holder)
    return seenPaper(state, record, [placement.postedBy, ...answered.map(({ by }) => by)])
  })
}

/** Whoever has the paper may answer before anybody wrote down that they have it, or why they are asked. */
function attorneyNeeds(deciding: Deciding): Need[] {
  const { state, person, given, about, permission, placement, rules, looked } = deciding
  const paper = restingOn(authorities(state, person.id, permission.about), given.authority, given.at)
  const wide = new Set(
    recordsOf(state, person.id, 'capacity')
      .filter(({ facts }) => reachesTo(facts.about, permission.about))
      .map(({ id }) => id),
  )
  const here = lacksCapacity(state, person.id, about)
  const lacks = here.filter(({ record }) => wide.has(record))
  // Written down for this story alone, where the yes is for all: a record never stretches (rule 17).
  const narrow = (found: ReturnType<typeof authorities>): boolean =>
    found.some(({ record, when }) => when.length > 0 && endedAt(state, record) === Infinity)
  const narrowPaper = !paper && narrow(authorities(state, person.id, about))
  return [
    { why: 'route-age', when: aged(deciding, Math.max(...rules.map((one) => one.paperFrom)), null) },
    { why: narrowPaper ? 'authority-narrow' : 'authority', when: paper?.when ?? never },
    ...recordsOf(state, person.id, 'authority')
      .filter(({ id }) => id === paper?.record)
      .map((record) => seenPaper(state, record, [placement.postedBy, given.by])),
    {
      why: lacks.length === 0 && narrow(here) ? 'capacity-narrow' : 'capacity-record',
      when: restsOn(lacks, given.capacity, given.at),
    },
    { why: 'assent', when: whenever(looked) },
  ]
}

function bestInterestsNeeds(deciding: Deciding): Need[] {
  const { state, placement, person, given, permission, looked } = deciding
  const record = recordsOf(state, person.id, 'best-interests').find(({ id }) => id === given.bestInterests)
  const facts = record?.facts
  const found =
    record !== undefined &&
    facts !== undefined &&
    reachesTo(facts.about, permission.about) &&
    facts.circle !== null &&
    placement.circle <= facts.circle &&
    facts.purposes.includes(placement.purpose)
  return [
    { why: 'route-age', when: aged(deciding, 16, null) },
    lacking(deciding),
    {
      why: 'best-interests-record',
      when: found ? between(record.at, Math.min(facts.review, endedAt(state, record.id))) : never,
    },
    { why: 'decider', when: whenever(facts !== undefined && facts.decider !== placement.postedBy) },
    { why: 'consulted', when: whenever(facts !== undefined && facts.consulted >= 1) },
    ...(placement.circle < 5 ? [] : looks(deciding, record)),
    { why: 'assent', when: whenever(looked) },
    // At 16 and 17 everybody with parental responsibility is consulted, and any no wins.
    { why: 'holders', when: join(aged(deciding, 18, null), everyHolder(deciding)) },
    ...ordersSeen(deciding).map(({ why, when }) => ({ why, when: join(aged(deciding, 18, null), when) })),
  ]
}

/** From when somebody independent had looked: neither who decided nor who posted. Whoever looked and did not agree is a no to this decision (rule 20). */
function looks(
  { state, placement }: Deciding,
  record: ReturnType<typeof recordsOf<'best-interests'>>[number] | undefined,
): Need[] {
  if (record && state.disagreed.has(record.id)) return [{ why: 'disagreed', when: never }]
  const yes = (record ? (state.reviews.get(record.id) ?? []) : []).filter(
    ({ by }) => by !== record?.facts.decider && by !== placement.postedBy && by !== 'site',
  )
  const when = yes.length === 0 ? never : since(Math.min(...yes.map(({ at }) => at)))
  return [{ why: 'independent', when }]
}

const oneNo = ({ answers }: Permission): boolean => answers.some(({ answer }) => answer === 'no')

/** From when everybody known to hold parental responsibility has said yes; never while nobody is known, or when one said no. */
function everyHolder({ state, person, permission, placement }: Deciding): Ranges {
  const known = [...holdersOf(state, person.id)]
  if (!known.some(([, to]) => to === Infinity)) return never
  if (oneNo(permission)) return never
  return meetAll(
    known.map(([holder, to]) => {
      const yes = permission.answers
        .filter((one) => one.holder === holder && placement.circle <= one.circle)
        .map(({ at }) => at)
      const from = Math.min(to, ...yes)
      return from === Infinity ? never : since(from)
    }),
  )
}

/** Answers whether everybody who is left has said yes to a question that only somebody no longer on the list could have ended: it is asked anew. */
export const leadsNowhere = (state: State, { person, route, given, answers }: Permission): boolean => {
  const left = [...holdersOf(state, person)].filter(([, to]) => to === Infinity)
  const yes = (holder: string): boolean =>
    answers.some((one) => one.holder === holder && one.answer === 'yes')
  return route === 'parents' && given === null && left.length > 0 && left.every(([holder]) => yes(holder))
}

function parentsNeeds(deciding: Deciding): Need[] {
  const { state, person, about, rules, seenYes, looked } = deciding
  const decides = Math.min(16, ...rules.map((one) => one.decidesAt))
  const competent = isCompetent(state, person.id, about)
  return [
    { why: 'route-age', when: aged(deciding, null, decides) },
    // Found competent, they are asked themselves.
    { why: 'competent', when: until(competent[0]?.[0] ?? Infinity) },
    { why: 'holders-all', when: allHoldersKnown(state, person.id) },
    { why: oneNo(deciding.permission) ? 'one-no' : 'holders', when: everyHolder(deciding) },
    ...ordersSeen(deciding),
    // No sign of a no is not enough for a child.
    { why: looked ? 'yes-unseen' : 'assent', when: whenever(seenYes) },
  ]
}

/** From when one yes counts of those who agree as well: at once of a parent, of whoever has a paper once that was seen. */
const agreedByRight = (deciding: Deciding, yes: Permission['answers']): Ranges =>
  yes.length === 0
    ? always
    : joinAll(
        yes.map(({ at, holder }) =>
          meetAll([since(at), ...ordersSeen(deciding, holder).map(({ when }) => when)]),
        ),
      )

function youngPersonNeeds(deciding: Deciding): Need[] {
  const { state, person, given, about, permission, placement, rules } = deciding
  const decides = Math.max(...rules.map((one) => one.decidesAt))
  const yes = permission.answers.filter(
    ({ answer, circle }) => answer === 'yes' && placement.circle <= circle,
  )
  const agreed = oneNo(permission)
    ? never
    : yes.length > 0
      ? since(Math.min(...yes.map(({ at }) => at)))
      : whenever(!rules.some(({ parentToo }) => parentToo))
  const grown = aged(deciding, decides, null)
  // A policy can have a parent agree for longer; from 16 nobody has to be found competent.
  const presumed = aged(deciding, Math.min(16, decides), null)
  return [
    { why: 'route-age', when: aged(deciding, null, 18) },
    { why: 'competence', when: join(presumed, isCompetent(state, person.id, about)) },
    { why: 'parent-too', when: join(grown, agreed) },
    ...(rules.some(({ parentToo }) => parentToo)
      ? [{ why: 'sighted' as const, when: join(grown, agreedByRight(deciding, yes)) }]
      : []),
    { why: 'capacity-lost', when: decidesThemselves(state, person.id, about, decidedAt(given)) },
  ]
}
