import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { Event, Facts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, never, until } from '#consent/ranges.ts'
import { modes } from '#kernel/permission-words.ts'
import { anything, restriction, widening } from '../../test/consent/changes.ts'
import { begin, day, people } from '../../test/consent/choices.ts'
import { allShows, expectNoMore, expectSame } from '../../test/consent/compare.ts'
import { history, inserted, logOf, momentOf, place } from '../../test/consent/history.ts'
import { whoIsHere } from '../../test/consent/world.ts'
import { placementIds, placements, type Step } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { sound } from '../../test/consent/sound.ts'

const permissionOf = fc.constantFrom(...people.flatMap((person) => [`${person}:m0`, `${person}:m1`]))
const ofPermission = (event: Event, id: string): boolean => 'permission' in event && event.permission === id
const personIn = (permission: string): string => permission.split(':')[0] ?? ''
const final = fc.constantFrom('withdrawn' as const, 'declined' as const, 'expired' as const)

test('rule 1: what was only put there and asked for is seen by nobody beyond those who support the person', () => {
  for (const circle of [1, 2, 3, 4, 5, 6] as const) {
    const kinds = ['surface', 'policy', 'version', 'described', 'placed', 'asked', 'live']
    const steps = sound({ circle }).filter(({ facts }) => kinds.includes(facts.kind))
    expect(showsOf(fold(logOf(steps, [1])), 'p3')).toEqual(never)
    expect(showsOf(fold(logOf(sound({ circle: Math.min(circle, 5) as 5 }), [1])), 'p3')).not.toEqual(never)
  }
})

test(
  'rule 1: what is seen has somebody else’s check, and of everybody in it a permission that is active and covers it',
  many,
  () => {
    fc.assert(
      fc.property(history, momentOf, (events, t) => {
        const state = fold(events)
        for (const id of placementIds) {
          const placement = state.placements.get(id)
          if (!placement || !holdsAt(showsOf(state, id), t)) continue
          const here = whoIsHere(events, placement.surface, placement.version)
          if (placement.circle > 0) expect(here.resolved).toBeLessThanOrEqual(t)
          for (const { person, modes: how } of here.appearances) {
            const active = events.some(
              (event) =>
                event.kind === 'given' &&
                event.person === person &&
                event.at <= t &&
                event.scope.circle >= placement.circle &&
                how.every((mode) => event.scope.modes.includes(mode)) &&
                events.some(
                  (ask) => ask.kind === 'requested' && ofPermission(ask, event.permission) && t < ask.ends,
                ) &&
                !events.some(
                  (end) =>
                    ['withdrawn', 'declined', 'expired'].includes(end.kind) &&
                    ofPermission(end, event.permission),
                ),
            )
            expect({ id, person, active }).toEqual({ id, person, active: true })
          }
        }
      }),
      many.runs,
    )
  },
)

test(
  'rule 1: an unresolved appearance keeps it from everybody beyond those who support the person',
  many,
  () => {
    fc.assert(
      fc.property(history, place, fc.constantFrom(...placementIds), (events, at, part) => {
        const { surface, version } = placements[part]
        const unknown: Facts = {
          kind: 'appears',
          appearance: 'new',
          surface,
          version,
          person: null,
          modes: ['face'],
          assent: null,
        }
        const after = inserted(events, { facts: unknown, by: 'poster' }, at)
        const placement = fold(after).placements.get(part)
        if (placement && placement.circle > 0) expect(showsOf(fold(after), part)).toEqual(never)
      }),
      many.runs,
    )
  },
)

test('rule 2: adding somebody never makes anything wider', many, () => {
  fc.assert(
    fc.property(
      history,
      place,
      fc.constantFrom(...placementIds),
      fc.record({ person: fc.constantFrom(...people, null), how: fc.subarray([...modes]) }),
      (events, at, part, { person, how }) => {
        const { surface, version } = placements[part]
        const more: Facts = {
          kind: 'appears',
          appearance: 'new',
          surface,
          version,
          person,
          modes: how,
          assent: 'yes',
        }
        expectNoMore(inserted(events, { facts: more, by: 'poster' }, at), events)
      },
    ),
    many.runs,
  )
})

test(
  'rule 3: an objection, refusal, withdrawal, expiry, suspension or takedown, anywhere in history, never makes anything visible',
  many,
  () => {
    fc.assert(
      fc.property(history, restriction, place, (events, no, at) =>
        expectNoMore(inserted(events, no, at), events),
      ),
      many.runs,
    )
  },
)

test('rule 4: a withdrawal wins over the yes, whichever arrives first', many, () => {
  fc.assert(
    fc.property(history, permissionOf, final, place, (events, permission, kind, at) => {
      const end: Step = { facts: { kind, permission, person: personIn(permission) }, by: 'link:a' }
      const without = events.filter((event) => event.kind !== 'given' || event.permission !== permission)
      expectSame(inserted(events, end, at), without)
    }),
    many.runs,
  )
})

test('rule 4: a person’s no wins over every yes that does not name it, whichever arrives first', many, () => {
  fc.assert(
    fc.property(history, fc.constantFrom(...people), place, place, (events, person, early, late) => {
      const no: Step = {
        facts: { kind: 'objected', objection: 'mine', person, surface: null, version: null, whose: 'person' },
        by: 'link:a',
      }
      const one = inserted(events, no, early)
      expectSame(one, inserted(events, no, late))
      for (const id of placementIds) {
        const placement = fold(one).placements.get(id)
        if (placement && whoIsHere(one, placement.surface, placement.version).about.has(person)) {
          expect(showsOf(fold(one), id)).toEqual(never)
        }
      }
    }),
    many.runs,
  )
})

test('rule 4: a yes to what was refused is a new one that names the no', () => {
  const no: Step = {
    facts: {
      kind: 'objected',
      objection: 'mine',
      person: 'ada',
      surface: 's2',
      version: null,
      whose: 'person',
    },
    by: 'link:a',
  }
  expect(allShows(logOf([...sound(), no], [1])).get('p3')).toEqual(never)
  expect(allShows(logOf([...sound({ after: ['mine'] }), no], [1])).get('p3')).not.toEqual(never)
})

test('rule 5: nothing that is said about a permission brings it back once it is final', many, () => {
  const again = permissionOf.chain((permission) =>
    fc.record({
      permission: fc.constant(permission),
      kind: final,
      more: fc.array(fc.tuple(anything(permission), place), { maxLength: 4 }),
    }),
  )
  fc.assert(
    fc.property(history, place, again, (events, at, { permission, kind, more }) => {
      const ended = inserted(
        events,
        { facts: { kind, permission, person: personIn(permission) }, by: 'link:a' },
        at,
      )
      const noisy = more.reduce((log, [step, where]) => inserted(log, step, where), ended)
      expectSame(noisy, ended)
    }),
    many.runs,
  )
})

test(
  'rule 6: a permission holds from its first moment until just before its last, whatever a worker did or did not do',
  many,
  () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 100 }),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        (first, length, worked) => {
          const [starts, ends] = [begin + first * day, begin + (first + length) * day]
          const end: Step = { facts: { kind: 'expired', permission: 'ada:m0', person: 'ada' }, by: 'site' }
          const events = logOf(sound({ starts, ends }), [1])
          const shows = showsOf(fold(events), 'p3')
          expect([starts - 1, starts, ends - 1, ends].map((t) => holdsAt(shows, t))).toEqual([
            false,
            true,
            true,
            false,
          ])
          const late = [...events, { ...end.facts, n: 1e6, at: ends + day, by: 'site' }]
          const after = showsOf(fold(worked ? late : events), 'p3')
          expect([ends, ends + day, ends + 2 * day].some((t) => holdsAt(after, t))).toBe(false)
        },
      ),
      many.runs,
    )
  },
)

test('rule 7: whatever is recorded later covers nothing earlier', many, () => {
  fc.assert(
    fc.property(history, widening, place, (events, yes, at) => {
      const after = inserted(events, yes, at)
      const event = after.find((one) => !events.includes(one))
      expectNoMore(after, events, until(event?.at ?? 0))
    }),
    many.runs,
  )
})
