import * as fc from 'fast-check'
import type { Facts } from '#consent/events.ts'
import { begin, day, few, hands, people, rules, some } from './choices.ts'
import { circles } from '#kernel/permission-words.ts'
import { placementIds, placements, surfaceIds, type Step } from './parts.ts'
import { given, personFacts, recordFacts, requested } from './steps.ts'

/** Anything that takes something away, with ids of its own. */
export const restriction: fc.Arbitrary<Step> = fc
  .record({
    person: some(people),
    permission: some(people).chain((person) => some([`${person}:m0`, `${person}:m1`])),
    id: fc.integer({ min: 0, max: 1e9 }).map((n) => `x${n}`),
    surface: some(surfaceIds),
    own: fc.boolean(),
    whose: some(['person', 'decider', 'observed'] as const),
    by: some(hands),
    kind: fc.integer({ min: 0, max: 13 }),
    circle: some(circles),
  })
  .map(({ person, permission, id, surface, own, whose, by, kind, circle }) => {
    const all: Facts[] = [
      { kind: 'objected', objection: id, person, surface, version: null, whose },
      { kind: 'objected', objection: id, person, surface: null, version: null, whose },
      { kind: 'declined', permission, person },
      { kind: 'withdrawn', permission, person },
      { kind: 'expired', permission, person },
      { kind: 'suspended', suspension: id, permission, person, why: 'not-sure' },
      { kind: 'answered', permission, person, holder: 'mum', answer: 'no', circle: 5 },
      { kind: 'stopped', stop: id, surface, placement: null, why: 'taken-down', own },
      { kind: 'stopped', stop: id, surface, placement: surface === 's1' ? 'p1' : 'p3', why: 'hidden', own },
      { kind: 'hold', hold: id, surface, openers: ['reader', 'third'], until: begin + 30 * day },
      { kind: 'disagreed', record: `${person}:r1`, person },
      { kind: 'died', person },
      { kind: 'steward-said', steward: `${person}:w`, person, answer: 'keep-down' },
      { kind: 'narrowed', narrowing: id, person, surface, circle, whose: own ? 'person' : 'decider' },
    ]
    return { facts: all[kind] ?? all[0]!, by }
  })

/** Anything that gives something back or lets something through. */
export const widening: fc.Arbitrary<Step> = fc
  .record({
    person: some(people),
    number: some([0, 1]),
    kind: fc.integer({ min: 0, max: 12 }),
    by: some(hands),
    part: some(placementIds),
  })
  .chain(({ person, number, kind, by, part }) => {
    const permission = `${person}:m${number}`
    const { surface, version } = placements[part]
    const choices: fc.Arbitrary<Facts>[] = [
      given(permission, person),
      fc.constant({ kind: 'answered', permission, person, holder: 'mum', answer: 'yes', circle: 5 }),
      fc.constant({ kind: 'resumed', suspensions: ['z0', 'z1'], person }),
      fc.constant({ kind: 'restored', surface, stops: ['t0', 't1'], placements: [part] }),
      fc.constant({ kind: 'objection-ended', objections: ['no1', 'no2', 'no3'], person, surface: null }),
      fc.constant({
        kind: 'checked',
        said: `said:${part}`,
        surface,
        version,
        ends: [`u:${part}`],
        wrong: [],
      }),
      requested(permission, person),
      fc.constant({ kind: 'hold-ended', hold: 'h0', surface }),
      fc.constant({ kind: 'reviewed', record: `${person}:r1`, person }),
      fc.constant({ kind: 'unnamed', surface: 's1', appearances: ['n0', 'n1'] }),
      fc.constant({ kind: 'steward', steward: `${person}:w`, person }),
      fc.constant({ kind: 'steward-said', steward: `${person}:w`, person, answer: 'as-allowed' }),
      fc.constant({ kind: 'death-mistaken', person }),
    ]
    return choices[kind]!.map((facts) => ({ facts, by }))
  })

/** Anything at all that can happen besides. */
export const noise: fc.Arbitrary<Step> = fc.oneof(
  widening,
  fc
    .record({
      person: some(people),
      id: some(['no1', 'no2', 'no3']),
      by: some(hands),
      whose: some(['person', 'decider', 'observed'] as const),
      surface: some(['s1', 's2', null]),
    })
    .map(({ person, id, by, whose, surface }) => ({
      facts: { kind: 'objected' as const, objection: id, person, surface, version: null, whose },
      by,
    })),
  fc
    .record({
      person: some(people),
      narrowing: some(['no1', 'no2', 'no3']),
      whose: some(['person', 'decider'] as const),
      surface: some(['s1', 's2', null]),
      circle: some(circles),
      by: some(hands),
    })
    .map(({ by, ...facts }) => ({ facts: { kind: 'narrowed' as const, ...facts }, by })),
  fc
    .record({ id: some(['t0', 't1']), part: some(placementIds), whole: fc.boolean(), by: some(hands) })
    .map(({ id, part, whole, by }) => ({
      facts: {
        kind: 'stopped' as const,
        stop: id,
        surface: placements[part].surface,
        placement: whole ? null : part,
        why: 'hidden' as const,
        own: false,
      },
      by,
    })),
  fc.record({ id: some(['z0', 'z1']), person: some(people), by: some(hands) }).map(({ id, person, by }) => ({
    facts: {
      kind: 'suspended' as const,
      suspension: id,
      permission: `${person}:m0`,
      person,
      why: 'moved' as const,
    },
    by,
  })),
  some(people)
    .chain((person) => recordFacts(person, `${person}:r2`))
    .map((facts) => ({ facts, by: 'reader' })),
  some(people).map((person) => ({
    facts: { kind: 'record-ended' as const, record: `${person}:r0`, person },
    by: 'reader',
  })),
  rules.map((one) => ({
    facts: { kind: 'policy' as const, organisation: 'o1', version: 2, rules: one },
    by: 'reader',
  })),
  fc.record({ id: some(['n0', 'n1']), person: some(people) }).map(({ id, person }) => ({
    facts: {
      kind: 'appears' as const,
      appearance: id,
      surface: 's1',
      version: null,
      person,
      modes: ['name' as const],
      assent: null,
    },
    by: 'site',
  })),
  fc.record({ ids: few(['n0', 'n1', 'a:w1:ada', 'a:p1:bo']), by: some(hands) }).map(({ ids, by }) => ({
    facts: { kind: 'unnamed' as const, surface: 's1', appearances: ids },
    by,
  })),
  some(placementIds).map((part) => ({
    facts: { kind: 'purged' as const, placement: part, surface: placements[part].surface },
    by: 'poster',
  })),
  some(people)
    .chain(personFacts)
    .map((facts) => ({ facts, by: 'reader' })),
)

/** Anything that can be said about one permission. */
export const anything = (permission: string): fc.Arbitrary<Step> => {
  const person = people.find((one) => permission.startsWith(one)) ?? 'ada'
  const facts: fc.Arbitrary<Facts> = fc.oneof(
    given(permission, person),
    requested(permission, person),
    fc.constant<Facts>({ kind: 'answered', permission, person, holder: 'mum', answer: 'yes', circle: 5 }),
    fc.constant<Facts>({ kind: 'resumed', suspensions: [permission], person }),
  )
  return fc.tuple(facts, some(hands)).map(([one, by]) => ({ facts: one, by }))
}
