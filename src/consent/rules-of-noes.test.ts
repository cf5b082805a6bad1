import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { agesAsked, reaches } from '#consent/ages.ts'
import { gatesHold, gatesOf, goesBeyond, showsOf } from '#consent/engine.ts'
import type { Event, Facts, RecordFacts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { holdsAt, never, since } from '#consent/ranges.ts'
import { sightOf } from '#consent/sight.ts'
import { circles, type Route } from '#kernel/permission-words.ts'
import { day, people, signedDay } from '../../test/consent/choices.ts'
import { expectNoMore, expectSame } from '../../test/consent/compare.ts'
import { history, inserted, momentOf, place } from '../../test/consent/history.ts'
import { placementIds } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { rulesOf } from '../../test/consent/world.ts'
import { lastOf, shown, showsPerson, changed, withoutAsking } from '../../test/consent/change.ts'

test(
  'rule 20: any one no keeps it from being seen: of a parent, of the child, or one that was only seen',
  many,
  () => {
    fc.assert(
      fc.property(
        history,
        place,
        fc.constantFrom('decider' as const, 'person' as const, 'observed' as const),
        (events, at, whose) => {
          const no: Facts = {
            kind: 'objected',
            objection: 'new',
            person: 'cy',
            surface: null,
            version: null,
            whose,
          }
          const after = inserted(events, { facts: no, by: 'link:b' }, at)
          for (const id of placementIds) {
            const placement = fold(after).placements.get(id)
            if (placement && showsPerson(after, id, 'cy')) expect(showsOf(fold(after), id)).toEqual(never)
          }
          const parent: Facts = {
            kind: 'answered',
            permission: 'cy:m0',
            person: 'cy',
            holder: 'dad',
            answer: 'no',
            circle: 5,
          }
          const refused = inserted(events, { facts: parent, by: 'link:b' }, at)
          const never0 = events.filter((event) => event.kind !== 'given' || event.permission !== 'cy:m0')
          const byParents = events.some(
            (event) =>
              event.kind === 'requested' && event.permission === 'cy:m0' && event.route === 'parents',
          )
          if (byParents) expectSame(refused, never0)
        },
      ),
      many.runs,
    )
  },
)

test(
  'rule 21: what was said at one age is not seen from the first moment of the month of 16 or 18 on',
  many,
  () => {
    fc.assert(
      fc.property(history, momentOf, (events, t) => {
        const state = fold(events)
        for (const id of placementIds) {
          const placement = state.placements.get(id)
          if (!placement || !holdsAt(showsOf(state, id), t)) continue
          for (const { person } of shown(events, id)) {
            const known = state.people.get(person ?? '')
            if (!known) continue
            const turns = [16, 18]
              .map((age) => reaches(known, age) ?? Infinity)
              .filter((moment) => moment <= t)
            const said = events.filter(
              (event) => event.kind === 'given' && event.person === person && event.at <= t,
            )
            expect(said.some(({ at }) => turns.every((moment) => at >= moment))).toBe(true)
          }
        }
      }),
      many.runs,
    )
  },
)

test(
  'rule 21: what was signed on paper before an age is not seen from that age on, however late it is written down',
  many,
  () => {
    fc.assert(
      fc.property(history, signedDay, momentOf, (events, signed, t) => {
        const here = changed(events, 'given', (event) => ({ ...event, signed: null }))
        const paper = changed(events, 'given', (event) => ({ ...event, signed }))
        expectNoMore(paper, here)
        const state = fold(paper)
        for (const id of placementIds) {
          const placed = paper.find((event) => event.kind === 'placed' && event.placement === id)
          if (placed?.kind !== 'placed' || !holdsAt(showsOf(state, id), t)) continue
          const ages = agesAsked(rulesOf(paper, placed, null))
          for (const { person } of shown(paper, id)) {
            const known = state.people.get(person ?? '')
            if (!known) continue
            const turns = ages.map((age) => reaches(known, age) ?? Infinity)
            expect(turns.filter((moment) => signed < moment && moment <= t)).toEqual([])
          }
        }
      }),
      many.runs,
    )
  },
)

test(
  'rule 21: regained capacity and ended authority suspend what others decided, at that moment',
  many,
  () => {
    const others: readonly Route[] = ['attorney', 'best-interests']
    fc.assert(
      fc.property(history, fc.boolean(), (events, regained) => {
        const about = { kind: 'story', organisation: 'o1', surface: null, version: null }
        const story = changed(events, 'surface', (event) => ({ ...event, type: 'story' }))
        const ours = changed(story, 'placed', (event) => ({ ...event, organisation: 'o1' }))
        const at = lastOf(ours) + day
        const has: RecordFacts = { type: 'capacity', about, outcome: 'has', review: at + 300 * day }
        const facts: Facts[] = regained
          ? people.map((person) => ({ kind: 'record', record: `new:${person}`, person, facts: has }))
          : people.flatMap((person) =>
              ['r0', 'r1', 'r2'].map((id): Facts => ({
                kind: 'record-ended',
                record: `${person}:${id}`,
                person,
              })),
            )
        const after: Event[] = [...ours, ...facts.map((one, n) => ({ n: 1e6 + n, at, by: 'reader', ...one }))]
        const alone = withoutAsking(after, (route) => others.includes(route))
        expectSame(after, alone, since(at))
      }),
      many.runs,
    )
  },
)

test(
  'rule 22: who takes back that something goes further than a circle hides what does, and leaves the rest as it was',
  many,
  () => {
    fc.assert(
      fc.property(history, place, fc.constantFrom(...circles), (events, at, circle) => {
        const facts: Facts = {
          kind: 'narrowed',
          narrowing: 'new',
          person: 'ada',
          surface: null,
          circle,
          whose: 'person',
        }
        const [before, after] = [fold(events), fold(inserted(events, { facts, by: 'link:a' }, at))]
        for (const placement of before.placements.values()) {
          const sight = sightOf(after, placement.surface)
          const gates = gatesOf(sight, placement)
          const then = gatesHold(gatesOf(sightOf(before, placement.surface), placement))
          const theirs = gates.people.some(({ person }) => person === 'ada')
          expect(gatesHold(gates)).toEqual(theirs && placement.circle > circle ? never : then)
          if (theirs && circle === 5) expect(goesBeyond(sight, placement)).toEqual(never)
        }
      }),
      many.runs,
    )
  },
)
