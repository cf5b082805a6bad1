import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { gatesHold, gatesOf, goesBeyond, showsOf } from '#consent/engine.ts'
import type { About, Event, Facts, RecordFacts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { fromLedger, toLedger, type Entry } from '#consent/ledgered.ts'
import { meet, never, since, within } from '#consent/ranges.ts'
import { sightOf } from '#consent/sight.ts'
import { modifiers, purposes, type Circle } from '#kernel/permission-words.ts'
import { begin, day, rules, wide } from '../../test/consent/choices.ts'
import { expectNoMore } from '../../test/consent/compare.ts'
import { history, logOf, place } from '../../test/consent/history.ts'
import { placementIds, placements } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { sound } from '../../test/consent/sound.ts'
import { lastOf, shown, changed } from '../../test/consent/change.ts'

test('rule 19: a new policy hides at once what it does not allow, and never publishes anything', many, () => {
  fc.assert(
    fc.property(history, fc.array(rules, { minLength: 1, maxLength: 3 }), (events, versions) => {
      let log: Event[] = events
      for (const [at, one] of versions.entries()) {
        const facts: Facts = { kind: 'policy', organisation: 'o1', version: 10 + at, rules: one }
        const after: Event[] = [...log, { n: 1e6 + at, at: lastOf(log) + day, by: 'reader', ...facts }]
        expectNoMore(after, log)
        log = after
      }
      const shut: Facts = { kind: 'policy', organisation: 'o1', version: 99, rules: { ...wide, widest: {} } }
      const state = fold([...log, { n: 2e6, at: lastOf(log), by: 'reader', ...shut }])
      for (const id of placementIds) {
        if (state.placements.get(id)?.organisation !== 'o1' || shown(log, id).length === 0) continue
        expect(showsOf(state, id)).toEqual(never)
      }
    }),
    many.runs,
  )
})

test(
  'rule 19: without a basis and a condition in writing nobody is shown beyond the organisation',
  many,
  () => {
    fc.assert(
      fc.property(history, fc.constantFrom('basis' as const, 'condition' as const), (events, empty) => {
        const far = changed(events, 'placed', (event) => ({
          ...event,
          organisation: 'o1',
          circle: Math.max(3, event.circle) as Circle,
        }))
        const facts: Facts = {
          kind: 'policy',
          organisation: 'o1',
          version: 99,
          rules: { ...wide, [empty]: false },
        }
        const at = lastOf(far)
        const state = fold([...far, { n: 2e6, at, by: 'reader', ...facts }])
        for (const id of placementIds) {
          if (state.placements.has(id) && shown(far, id).length > 0) expect(showsOf(state, id)).toEqual(never)
        }
      }),
      many.runs,
    )
  },
)

test(
  'rule 28: nothing goes where it cannot be taken back from without the yes of everybody in it to just that',
  many,
  () => {
    const within5 = (circle: Circle): Circle => (circle > 5 ? 5 : circle)
    fc.assert(
      fc.property(history, (events) => {
        const kept = changed(events, 'given', (event) => ({
          ...event,
          scope: { ...event.scope, circle: within5(event.scope.circle) },
        }))
        const [state, ours] = [fold(events), fold(kept)]
        for (const id of placementIds) {
          const [placement, same] = [state.placements.get(id), ours.placements.get(id)]
          if (!placement || !same) continue
          const sight = sightOf(state, placement.surface)
          const gates = gatesOf(sight, placement)
          expect(within(goesBeyond(sight, placement), gatesHold(gates))).toBe(true)
          if (gates.people.every(({ permissions }) => permissions.length === 0)) continue
          expect(goesBeyond(sightOf(ours, same.surface), same)).toEqual(never)
        }
      }),
      many.runs,
    )
  },
)

test(
  'rule 22: nothing shows wider than it was allowed: circle, purpose, modifier, way of being in it',
  many,
  () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...modifiers), (events, modifier) => {
        expectNoMore(
          changed(events, 'placed', (event) => ({
            ...event,
            circle: Math.min(6, event.circle + 1) as Circle,
          })),
          events,
        )
        expectNoMore(
          changed(events, 'placed', (event) => ({ ...event, modifiers: [...event.modifiers, modifier] })),
          events,
        )
        const celebrated = changed(events, 'requested', (event) => ({
          ...event,
          scope: { ...event.scope, purposes: ['celebrate'] },
        }))
        const promoting = changed(celebrated, 'placed', (event) => ({ ...event, purpose: 'promote' }))
        const state = fold(promoting)
        for (const id of placementIds) {
          if (state.placements.has(id) && shown(promoting, id).length > 0)
            expect(showsOf(state, id)).toEqual(never)
        }
        const narrow = changed(events, 'given', (event) => ({
          ...event,
          scope: { ...event.scope, modes: [], purposes },
        }))
        const less = fold(narrow)
        for (const id of placementIds) {
          if (less.placements.has(id) && shown(narrow, id).length > 0)
            expect(showsOf(less, id)).toEqual(never)
        }
      }),
      many.runs,
    )
  },
)

test('rule 24: a backup with the ledger replayed shows nothing that was not seen before', many, () => {
  fc.assert(
    fc.property(history, place, (events, at) => {
      const cut = Math.floor((at * (events.length + 1)) / 101)
      const kept = events.slice(0, cut)
      const entries = toLedger(events.slice(cut).map((event) => ({ ...event, id: `e${event.n}` })))
      const restored = entries.reduce<Event[]>((log, entry) => {
        const back = fromLedger(entry, touchedBy(entry, kept))
        return [
          ...log,
          ...back.map((facts, n) => ({ n: 1e6 + log.length + n, at: entry.at, by: entry.by, ...facts })),
        ]
      }, kept)
      expectNoMore(restored, events, since(lastOf(events)))
    }),
    many.runs,
  )
})

/** The surfaces of a log that a change of one thing could have hidden. */
function touchedBy(entry: Entry, events: readonly Event[]): { surface: string; stop: string }[] {
  if (entry.kind !== 'changed') return []
  const ofPeople = (people: readonly (string | null)[]): string[] =>
    events.flatMap((event) =>
      event.kind === 'appears' && people.includes(event.person) ? [event.surface] : [],
    )
  const { surface, person, organisation } = entry
  const surfaces =
    surface !== null
      ? [surface]
      : person !== null
        ? ofPeople([person])
        : [
            ...events.flatMap((event) =>
              event.kind === 'placed' && event.organisation === organisation ? [event.surface] : [],
            ),
            ...ofPeople(
              events.flatMap((event) =>
                event.kind === 'person' && event.organisation === organisation ? [event.person] : [],
              ),
            ),
          ]
  return [...new Set(surfaces)].map((one) => ({ surface: one, stop: `${entry.id}:${one}` }))
}

test('rule 30: a picture without words, not said to be decoration, is seen by nobody', many, () => {
  fc.assert(
    fc.property(history, (events) => {
      const silent = changed(events, 'described', (event) => ({ ...event, described: false }))
      const state = fold(silent)
      for (const id of placementIds) {
        if (placements[id].version !== null && state.placements.has(id))
          expect(showsOf(state, id)).toEqual(never)
      }
    }),
    many.runs,
  )
})

const record = (id: string, facts: RecordFacts): RecordFacts & { id: string } => ({ ...facts, id })
const series: About = { kind: 'story', organisation: 'o1', surface: null, version: null }
const lacks = record('capacity', {
  type: 'capacity',
  about: series,
  outcome: 'lacks',
  review: begin + 400 * day,
})
const mum = record('h1', { type: 'holder', holder: 'mum', as: 'parent' })
const all = record('all', { type: 'holders-all' })
const child = { band: '13-15' as const, nextChange: Date.UTC(2029, 0, 1) }
const decision = record('best-interests', {
  type: 'best-interests',
  about: series,
  decider: 'reader',
  consulted: 1,
  circle: 5,
  purposes: ['celebrate'],
  review: begin + 180 * day,
})
const paper = {
  type: 'authority' as const,
  about: series,
  welfare: true,
  registered: true,
  starts: begin,
  ends: null,
}
const authority = record('authority', { ...paper, sighted: true })

test.each<[string, Parameters<typeof sound>[0]]>([
  ['own', {}],
  ['other-adult', { route: 'other-adult', circle: 6 }],
  ['attorney', { route: 'attorney', records: [lacks, authority] }],
  [
    'attorney, by a paper that only a second person saw',
    {
      route: 'attorney',
      records: [lacks, record('authority', { ...paper, sighted: false })],
      seen: 'authority',
    },
  ],
  [
    'a council, by an order that a second person saw',
    {
      route: 'parents',
      ...child,
      records: [record('h1', { type: 'holder', holder: 'mum', as: 'council' }), all],
      answers: [{ holder: 'mum', answer: 'yes' }],
      seen: 'h1',
    },
  ],
  [
    'a guardian, by an order that a second person saw',
    {
      route: 'parents',
      ...child,
      records: [record('h1', { type: 'holder', holder: 'mum', as: 'guardian' }), all],
      answers: [{ holder: 'mum', answer: 'yes' }],
      seen: 'h1',
    },
  ],
  [
    'best interests at 16, agreed by a guardian whose order a second person saw',
    {
      route: 'best-interests',
      band: '16-17',
      nextChange: Date.UTC(2029, 0, 1),
      records: [lacks, decision, record('h1', { type: 'holder', holder: 'mum', as: 'guardian' })],
      answers: [{ holder: 'mum', answer: 'yes' }],
      circle: 3,
      seen: 'h1',
    },
  ],
  ['best-interests', { route: 'best-interests', records: [lacks, decision], reviewed: true }],
  [
    'parents',
    { route: 'parents', ...child, records: [mum, all], answers: [{ holder: 'mum', answer: 'yes' }] },
  ],
  ['young-person', { route: 'young-person', band: '16-17', nextChange: Date.UTC(2029, 0, 1) }],
])('the way "%s" opens when all it needs is there, and not when one need is missing', (_route, over) => {
  const whole = logOf(sound(over), [1])
  const at = since(lastOf(whole))
  expect(meet(showsOf(fold(whole), 'p3'), at)).not.toEqual(never)
  const needed = [
    'policy',
    'described',
    'said',
    'checked',
    'person',
    'record',
    'reviewed',
    'requested',
    'answered',
    'given',
    'asked',
  ]
  for (const event of whole.filter(({ kind }) => needed.includes(kind))) {
    const less = whole.filter((other) => other !== event)
    // Without a policy the strictest one counts, and it allows what people decide about themselves.
    if (event.kind === 'policy' && ['own', 'other-adult'].includes(_route)) continue
    expect({ less: event.kind, shows: showsOf(fold(less), 'p3') }).toEqual({ less: event.kind, shows: never })
  }
})
