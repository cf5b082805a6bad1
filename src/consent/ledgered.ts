import type { Event, Facts, Hand, Id } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'

/** What only ever lets more be seen, or changes nothing: a database without it shows no more. */
const opens = [
  'given',
  'asked',
  'resumed',
  'restored',
  'objection-ended',
  'hold-ended',
  'said',
  'unnamed',
  'requested',
  'reviewed',
  'steward',
  'death-mistaken',
  'opened',
] as const

/** What the ledger carries whole, ids only: put back, it hides exactly what it hid. */
const whole = [
  'objected',
  'narrowed',
  'answered',
  'declined',
  'withdrawn',
  'expired',
  'suspended',
  'stopped',
  'put-away',
  'hold',
  'died',
  'steward-said',
  'forgotten',
  'purged',
  'live',
] as const
export type WholeFacts = Extract<Facts, { kind: (typeof whole)[number] }>

/** Something changed that could have made less visible; what it was stays in the database (capacity is nothing for a file). */
export type Changed = { kind: 'changed'; surface: Id | null; person: Id | null; organisation: Id | null }

/** One entry of the ledger, before it is chained. */
export type Entry = { id: Id; at: Instant; by: Hand } & (WholeFacts | Changed)

const isWhole = (facts: Facts): facts is WholeFacts => (whole as readonly string[]).includes(facts.kind)

/** Answers whether more could be seen if an event had never been written. */
export const narrows = (facts: Facts): boolean =>
  !(opens as readonly string[]).includes(facts.kind) &&
  !(facts.kind === 'answered' && facts.answer === 'yes') &&
  !(facts.kind === 'steward-said' && facts.answer !== 'keep-down') &&
  !(facts.kind === 'described' && facts.described)

/** Answers what the ledger keeps of some events that were written together; of several changes of one thing, one. */
export function toLedger(events: readonly (Event & { id: Id })[]): Entry[] {
  const changed = new Set<string>()
  return events.filter(narrows).flatMap((event): Entry[] => {
    const { n: _n, id, at, by, ...facts } = event
    if (isWhole(facts)) return [{ id, at, by, ...facts }]
    const surface = 'surface' in facts ? facts.surface : null
    const person = surface === null && 'person' in facts ? facts.person : null
    const organisation = facts.kind === 'policy' ? facts.organisation : null
    const name = [surface, person, organisation].join(' ')
    if (changed.has(name)) return []
    changed.add(name)
    return [{ id, at, by, kind: 'changed', surface, person, organisation }]
  })
}

/** Answers what an entry becomes in a database that does not know it: itself, or a stop on every surface that the change could have hidden, until somebody has looked. */
export function fromLedger(entry: Entry, surfaces: readonly { surface: Id; stop: Id }[]): Facts[] {
  if (entry.kind !== 'changed') {
    const { id: _id, at: _at, by: _by, ...facts } = entry
    return [facts]
  }
  return surfaces.map(({ surface, stop }) => ({
    kind: 'stopped',
    stop,
    surface,
    placement: null,
    why: 'held',
    own: false,
  }))
}
