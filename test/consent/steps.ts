import * as fc from 'fast-check'
import type { Facts } from '#consent/events.ts'
import { circles, modes, purposes, type Circle, type Mode, type Route } from '#kernel/permission-words.ts'
import {
  about,
  begin,
  day,
  few,
  hands,
  later,
  moment,
  monthBegin,
  mostly,
  scope,
  series,
  signedDay,
  some,
  type PersonName,
} from './choices.ts'

export const bands = { ada: 'adult', bo: 'adult', cy: '13-15', dee: '16-17', fay: 'adult' } as const
export const routesOf = {
  ada: 'own',
  bo: 'best-interests',
  cy: 'parents',
  dee: 'young-person',
  fay: 'other-adult',
} as const

export const personFacts = (person: PersonName): fc.Arbitrary<Facts> =>
  fc.record({
    kind: fc.constant('person' as const),
    person: fc.constant(person),
    organisation: mostly<string | null>('o1', some(['o2', null])),
    band: mostly<'adult' | '13-15' | '16-17' | 'under-13'>(
      bands[person],
      some(['under-13', '13-15', '16-17', 'adult']),
    ),
    nextChange:
      bands[person] === 'adult'
        ? fc.constant(null)
        : mostly<number | null>(Date.UTC(2028, 8, 1), fc.oneof(monthBegin, fc.constant(null)), 5),
    notLocatable: mostly(false, fc.constant(true)),
    doNotShow: mostly(false, fc.constant(true), 40),
  })

export const recordFacts = (person: PersonName, id: string): fc.Arbitrary<Facts> => {
  const kind = fc.constant('record' as const)
  const make = (facts: fc.Arbitrary<Extract<Facts, { kind: 'record' }>['facts']>) =>
    fc.record({ kind, record: fc.constant(id), person: fc.constant(person), facts })
  return fc.oneof(
    make(
      fc.record({
        type: fc.constant('capacity' as const),
        about: mostly(series(), about),
        outcome: mostly<'has' | 'lacks' | 'fluctuates'>('lacks', some(['has', 'fluctuates']), 3),
        review: later,
      }),
    ),
    make(
      fc.record({
        type: fc.constant('best-interests' as const),
        about: mostly(series(), about),
        decider: mostly<string>('reader', some(hands)),
        consulted: mostly(2, fc.constant(0)),
        circle: mostly<Circle | null>(5, fc.oneof(some(circles), fc.constant(null))),
        purposes: mostly([...purposes], few(purposes)),
        review: later,
      }),
    ),
    make(
      fc.record({
        type: fc.constant('authority' as const),
        about: mostly(series(), about),
        welfare: mostly(true, fc.constant(false)),
        registered: mostly(true, fc.constant(false)),
        sighted: mostly(true, fc.constant(false)),
        starts: mostly(begin, moment),
        ends: fc.option(later, { nil: null }),
      }),
    ),
    make(
      fc.record({
        type: fc.constant('holder' as const),
        holder: some(['mum', 'dad']),
        as: mostly<'parent' | 'guardian' | 'council'>('parent', some(['guardian', 'council'] as const), 4),
      }),
    ),
    make(
      fc.record({
        type: fc.constant('competence' as const),
        about: mostly(series(), about),
        outcome: some(['competent', 'not-competent'] as const),
      }),
    ),
  )
}

export const appears = (
  appearance: string,
  where: { surface: string; version: string | null },
  person: string | null,
) =>
  fc.record({
    kind: fc.constant('appears' as const),
    appearance: fc.constant(appearance),
    surface: fc.constant(where.surface),
    version: fc.constant(where.version),
    person: fc.constant(person),
    modes: mostly<Mode[]>(where.version === null ? ['name'] : ['face', 'body'], few(modes), 6),
    assent: mostly<'yes' | 'no-sign' | null>('yes', some(['no-sign', null]), 6),
  })

export const requested = (permission: string, person: PersonName): fc.Arbitrary<Facts> =>
  fc.record({
    kind: fc.constant('requested' as const),
    permission: fc.constant(permission),
    person: fc.constant(person),
    surface: fc.constant(null),
    about: mostly(series(), about, 3),
    route: mostly<Route>(
      routesOf[person],
      some([
        'own',
        'attorney',
        'best-interests',
        'parents',
        'young-person',
        'other-adult',
        'nobody',
      ] as const),
      8,
    ),
    scope,
    starts: mostly(begin, moment),
    ends: later,
    base: mostly(begin + 7 * day, moment),
  })

export const given = (permission: string, person: PersonName): fc.Arbitrary<Facts> =>
  fc.record({
    kind: fc.constant('given' as const),
    permission: fc.constant(permission),
    person: fc.constant(person),
    surface: fc.constant(null),
    scope,
    seen: mostly<(string | null)[] | null>(
      ['v1', 'v2', 'v3', null],
      fc.oneof(few(['v1', 'v3', null]), fc.constant(null)),
      5,
    ),
    assent: mostly<'yes' | 'no-sign' | null>('yes', some(['no-sign', null])),
    after: mostly<string[]>([], few(['no1', 'no2', 'no3'])),
    authority: fc.constant(`${person}:r1`),
    capacity: fc.constant(`${person}:r0`),
    bestInterests: fc.constant(`${person}:r1`),
    form: fc.constant(null),
    signed: mostly<number | null>(null, signedDay, 6),
  })
