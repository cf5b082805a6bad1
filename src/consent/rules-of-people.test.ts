import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { reaches } from '#consent/ages.ts'
import { rulesOf as rulesFrom } from '#consent/ceiling.ts'
import { showsOf } from '#consent/engine.ts'
import type { About, Facts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, until } from '#consent/ranges.ts'
import { sightOf } from '#consent/sight.ts'
import { purposes, type Mode } from '#kernel/permission-words.ts'
import { defaultPolicy } from '#organisations/policy.ts'
import { begin, day, hands, people } from '../../test/consent/choices.ts'
import { expectNoMore, expectSame } from '../../test/consent/compare.ts'
import { history, inserted, logOf, momentOf, place } from '../../test/consent/history.ts'
import { everybodyOn, personOf, rulesOf, whoIsHere } from '../../test/consent/world.ts'
import { placementIds, surfaceIds } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { sound } from '../../test/consent/sound.ts'
import {
  shown,
  showsPerson,
  changed,
  lastOf,
  without,
  aboutIn,
  recordTypes,
  type Of,
  withoutAsking,
} from '../../test/consent/change.ts'

test(
  'rule 14: a name that the site found ends only where it is found no more, or by somebody who posted nothing there, and never for what was before',
  many,
  () => {
    const who = fc.constantFrom(...people)
    fc.assert(
      fc.property(history, who, place, fc.constantFrom(...hands), (events, person, at, by) => {
        const name: Facts = {
          kind: 'appears',
          appearance: 'found',
          surface: 's1',
          version: null,
          person,
          modes: ['name'],
          assent: null,
        }
        const named = inserted(events, { facts: name, by: 'site' }, at)
        const facts: Facts = { kind: 'unnamed', surface: 's1', appearances: ['found'] }
        const after = inserted(named, { facts, by }, 100)
        const posted = named.some((one) => one.kind === 'placed' && one.surface === 's1' && one.by === by)
        expectNoMore(after, posted ? named : events)
        const gone = after.find((one) => one.kind === 'unnamed' && !named.includes(one))
        expectNoMore(after, named, until(gone?.at ?? 0))
        const said = inserted(inserted(events, { facts: name, by: 'poster' }, at), { facts, by }, 100)
        expectSame(said, inserted(events, { facts: name, by: 'poster' }, at))
      }),
      many.runs,
    )
  },
)

test('rule 14: a name and a face are seen together only of adults who said so themselves', many, () => {
  const both = fc.constantFrom(...people)
  fc.assert(
    fc.property(history, both, momentOf, (events, person, t) => {
      const face: Facts = {
        kind: 'appears',
        appearance: 'f',
        surface: 's1',
        version: 'v1',
        person,
        modes: ['face'],
        assent: 'yes',
      }
      const name: Facts = { ...face, appearance: 'n', version: null, modes: ['name'] }
      const after = [face, name].reduce((log, facts) => inserted(log, { facts, by: 'poster' }, 100), events)
      const state = fold(after)
      const ways = everybodyOn(after, 's1').get(person)
      if (!ways?.has('face') || !ways.has('name')) return
      for (const id of placementIds) {
        const placement = state.placements.get(id)
        if (placement?.surface !== 's1' || !holdsAt(showsOf(state, id), t) || !showsPerson(after, id, person))
          continue
        const own = after.some(
          (event) =>
            event.kind === 'requested' &&
            event.person === person &&
            ['own', 'other-adult'].includes(event.route),
        )
        const adult =
          (reaches(state.people.get(person) ?? { band: 'under-13', nextChange: null }, 18) ?? Infinity) <= t
        expect({ id, own, adult }).toEqual({ id, own: true, adult: true })
      }
    }),
    many.runs,
  )
})

test(
  'rule 15: where somebody must not be found, no place is shown, and the story waits days longer',
  many,
  () => {
    fc.assert(
      fc.property(history, fc.subarray([...people], { minLength: 1 }), momentOf, (events, hidden, t) => {
        const after = changed(events, 'person', (event) =>
          hidden.some((person) => person === event.person) ? { ...event, notLocatable: true } : event,
        )
        const state = fold(after)
        for (const id of placementIds) {
          const placement = state.placements.get(id)
          if (!placement || !holdsAt(showsOf(state, id), t)) continue
          const { surface } = placement
          const found = [...everybodyOn(after, surface).keys()].filter(
            (person) => personOf(after, person)?.notLocatable,
          )
          expect(sightOf(state, surface).locatable).toBe(found.length === 0)
          if (found.length === 0) continue
          const ways = shown(after, id).filter((event) => found.includes(event.person ?? ''))
          expect(ways.flatMap((event): readonly Mode[] => event.modes)).not.toContain('place')
          const here = found.filter((person) =>
            whoIsHere(after, surface, placement.version).about.has(person),
          )
          if (here.length > 0) expect(placement.modifiers).not.toContain('place')
          const first = after.find(
            (event): event is Of<'placed'> => event.kind === 'placed' && event.surface === surface,
          )
          const over = state.surfaces.get(surface)?.notBefore ?? first?.at ?? Infinity
          const placed = after.find(
            (event): event is Of<'placed'> => event.kind === 'placed' && event.placement === id,
          )
          const delay = placed ? Math.max(...rulesOf(after, placed, null).map((one) => one.delay)) : 0
          expect(t).toBeGreaterThanOrEqual(over + delay * day)
        }
      }),
      many.runs,
    )
  },
)

test('rule 15: a story appears only when its activity is over', many, () => {
  fc.assert(
    fc.property(history, momentOf, (events, over) => {
      const after = changed(events, 'surface', (event) => ({ ...event, notBefore: over }))
      const state = fold(after)
      for (const surface of surfaceIds) {
        if (state.surfaces.has(surface))
          expect(showsOf(state, surface).every(([from]) => from >= over)).toBe(true)
      }
    }),
    many.runs,
  )
})

test('rule 16: of an adult whom nobody assessed for this decision, nobody else decides', many, () => {
  fc.assert(
    fc.property(history, (events) => {
      const grown = changed(without(events, ['capacity']), 'person', (event) => ({
        ...event,
        band: 'adult',
        nextChange: null,
      }))
      const others = withoutAsking(grown, (route) => route !== 'own' && route !== 'other-adult')
      expectSame(grown, others)
    }),
    many.runs,
  )
})

test(
  'rule 17: an assessment, an authority or a decision of another kind, another series or another story does nothing',
  many,
  () => {
    const elsewhere = fc.constantFrom(
      (about: About): About => ({ ...about, kind: 'newsletter' }),
      (about: About): About => ({ ...about, organisation: 'o9', surface: null, version: null }),
      (about: About): About => ({ ...about, surface: 's9', version: null }),
      (about: About): About => ({ ...about, version: 'v9' }),
    )
    fc.assert(
      fc.property(history, elsewhere, (events, change) => {
        const records = changed(events, 'record', (event) => ({
          ...event,
          facts: aboutIn(event.facts, change),
        }))
        expectSame(records, without(events, recordTypes))
        const asked = changed(events, 'requested', (event) => ({ ...event, about: change(event.about) }))
        expectSame(
          asked,
          events.filter(({ kind }) => kind !== 'requested'),
        )
      }),
      many.runs,
    )
  },
)

const series = { kind: 'story', organisation: 'o1', surface: null, version: null }
const later = begin + 400 * day
const byPaper = [
  { id: 'capacity', type: 'capacity' as const, about: series, outcome: 'lacks' as const, review: later },
  {
    id: 'authority',
    type: 'authority' as const,
    about: series,
    welfare: true,
    registered: true,
    sighted: true,
    starts: begin,
    ends: null,
  },
]
const mum = { id: 'h1', type: 'holder' as const, holder: 'mum', as: 'parent' as const }
const agreed = { records: [mum], answers: [{ holder: 'mum', answer: 'yes' as const }] }

test.each([
  ['england', '16-17', { route: 'attorney', records: byPaper }, true],
  ['scotland', '16-17', { route: 'attorney', records: byPaper }, true],
  ['ireland', '16-17', { route: 'attorney', records: byPaper }, false],
  ['ireland', 'adult', { route: 'attorney', records: byPaper }, true],
  ['england', '16-17', { route: 'young-person' }, true],
  ['ireland', '16-17', { route: 'young-person' }, false],
  ['ireland', '16-17', { route: 'young-person', ...agreed }, true],
  ['scotland', '13-15', { route: 'young-person' }, false],
  ['scotland', '13-15', { route: 'young-person', ...agreed }, false],
] as const)('by the law of %s, at %s, this is enough: %j – %s', (nation, band, over, enough) => {
  const rules = rulesFrom({ ...defaultPolicy(nation), basis: 'written', condition: 'written' })
  const nextChange = band === 'adult' ? null : Date.UTC(2029, 0, 1)
  const log = logOf(sound({ ...over, rules: { ...rules, purposes }, band, nextChange }), [1])
  expect(holdsAt(showsOf(fold(log), 'p3'), lastOf(log))).toBe(enough)
})

test('where a policy lets somebody decide from 12, as the law of Scotland presumes, nobody has to find them competent', () => {
  const policy = { ...defaultPolicy('scotland'), basis: 'written', condition: 'written', decidesAt: 12 }
  const child = { band: '13-15' as const, nextChange: Date.UTC(2029, 0, 1) }
  const log = logOf(
    sound({ route: 'young-person', rules: { ...rulesFrom(policy), purposes }, ...child }),
    [1],
  )
  expect(holdsAt(showsOf(fold(log), 'p3'), lastOf(log))).toBe(true)
})
