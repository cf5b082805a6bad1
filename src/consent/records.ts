import { reachesTo } from '#consent/about.ts'
import type { About, Hand, Id, RecordFacts } from '#consent/events.ts'
import {
  between,
  holdsAt,
  joinAll,
  meet,
  never,
  since,
  until,
  type Instant,
  type Ranges,
} from '#consent/ranges.ts'
import type { Record, State } from '#consent/state.ts'

/** A record that something rests on, and when it holds. */
type Held = { record: Id; when: Ranges }

type OfType<Type extends RecordFacts['type']> = Record & { facts: Extract<RecordFacts, { type: Type }> }

/** Answers a person's records of one type, oldest first. */
export function recordsOf<Type extends RecordFacts['type']>(
  state: State,
  person: Id,
  type: Type,
): OfType<Type>[] {
  const all = state.records.get(person) ?? []
  return all
    .filter((record): record is OfType<Type> => record.facts.type === type)
    .toSorted((one, other) => one.at - other.at || one.n - other.n)
}

/** Answers when a record was ended, or never. */
export const endedAt = (state: State, id: Id): Instant =>
  (state.taken.get(id) ?? []).reduce((early, { at }) => Math.min(early, at), Infinity)

/** Answers when a person was found not to be able to decide what this is about: from each assessment that says so until its review, its end, or the next assessment (rules 16, 17). */
export function lacksCapacity(state: State, person: Id, about: About): Held[] {
  const found = recordsOf(state, person, 'capacity').filter(({ facts }) => reachesTo(facts.about, about))
  return found.flatMap((record, at) => {
    if (record.facts.outcome !== 'lacks') return []
    const next = found.slice(at + 1).find((later) => later.facts.outcome !== 'lacks')
    const to = Math.min(record.facts.review, endedAt(state, record.id), next?.at ?? Infinity)
    return [{ record: record.id, when: between(record.at, to) }]
  })
}

/** Answers the record that a decision rests on: the one it named while that held, else what held then, else the first that was written down after it. Records may come in any order, and what comes later covers nothing earlier. */
export function restingOn(found: readonly Held[], named: Id | null, decided: Instant): Held | undefined {
  const held = found.filter(({ when }) => holdsAt(when, decided))
  const known = held.find(({ record }) => record === named) ?? held.at(-1)
  if (known) return known
  const later = found
    .flatMap((one) => (one.when[0] ? [{ from: one.when[0][0], one }] : []))
    .filter(({ from }) => from > decided)
    .toSorted((one, other) => one.from - other.from)
  return later[0]?.one
}

/** Answers when the record holds that a decision rests on. */
export const restsOn = (found: readonly Held[], named: Id | null, decided: Instant): Ranges =>
  restingOn(found, named, decided)?.when ?? never

/** Answers when a decision that somebody took themselves still counts: until they are next found not to be able to take it. */
export function decidesThemselves(state: State, person: Id, about: About, decided: Instant): Ranges {
  let to = Infinity
  for (const { when } of lacksCapacity(state, person, about)) {
    for (const [begin, end] of when) {
      if (begin <= decided && decided < end) return never
      if (begin > decided) to = Math.min(to, begin)
    }
  }
  return until(to)
}

/** Answers when a child was found competent to decide what this is about. */
export function isCompetent(state: State, person: Id, about: About): Ranges {
  const found = recordsOf(state, person, 'competence').filter(({ facts }) => reachesTo(facts.about, about))
  return joinAll(
    found.map((record, at) =>
      record.facts.outcome === 'competent'
        ? between(record.at, Math.min(endedAt(state, record.id), found[at + 1]?.at ?? Infinity))
        : never,
    ),
  )
}

/** Answers every authority that covers what a decision is about, and when. */
export const authorities = (state: State, person: Id, about: About): Held[] =>
  recordsOf(state, person, 'authority').map(({ id }) => ({
    record: id,
    when: authorityHolds(state, person, id, about),
  }))

/** Answers when an authority that is written down covers a decision. */
function authorityHolds(state: State, person: Id, id: Id, about: About): Ranges {
  const record = recordsOf(state, person, 'authority').find((one) => one.id === id)
  if (!record || !reachesTo(record.facts.about, about)) return never
  const { welfare, registered, starts, ends } = record.facts
  if (!welfare || !registered) return never
  return meet(
    since(Math.max(starts, record.at)),
    until(Math.min(ends ?? Infinity, endedAt(state, record.id))),
  )
}

/** Answers when the paper that a record is about had been seen by somebody who neither posted nor decided (rule 18). */
export function paperSeen(state: State, record: Record, others: readonly Hand[]): Ranges {
  const written = record.facts.type === 'authority' && record.facts.sighted ? [record] : []
  const seen = [...written, ...(state.reviews.get(record.id) ?? [])].filter(
    ({ by }) => by !== 'site' && !others.includes(by),
  )
  return seen.length === 0 ? never : since(Math.min(...seen.map(({ at }) => at)))
}

/** Answers when it stands that these are all who are known to hold parental responsibility. */
export const allHoldersKnown = (state: State, person: Id): Ranges =>
  joinAll(recordsOf(state, person, 'holders-all').map(({ id, at }) => between(at, endedAt(state, id))))

/** Answers everybody who is or was known to hold parental responsibility, and until when. */
export function holdersOf(state: State, person: Id): Map<Id, Instant> {
  const holders = new Map<Id, Instant>()
  for (const { id, facts } of recordsOf(state, person, 'holder')) {
    holders.set(facts.holder, Math.max(holders.get(facts.holder) ?? -Infinity, endedAt(state, id)))
  }
  return holders
}
