import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { Event, Facts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { meet, never, since } from '#consent/ranges.ts'
import { restriction, widening } from '../../test/consent/changes.ts'
import { hands, people, some } from '../../test/consent/choices.ts'
import { lastOf, showsPerson } from '../../test/consent/change.ts'
import { allShows, expectNoMore, expectSame } from '../../test/consent/compare.ts'
import { history, inserted, logOf, place } from '../../test/consent/history.ts'
import { answered, died, mourned, named, followedBy } from '../../test/consent/mourned.ts'
import { placementIds } from '../../test/consent/parts.ts'
import { many } from '../../test/consent/runs.ts'
import { sound } from '../../test/consent/sound.ts'

const hand = fc.constantFrom(...hands)
const steps = fc.array(fc.tuple(widening, place), { maxLength: 5 })

/** Ada's picture, live; then what follows. */
const ada = (more: readonly [string, Facts][]) =>
  allShows(
    followedBy(
      logOf(sound(), [1]),
      more.map(([by, facts]) => ({ by, facts })),
    ),
  ).get('p3')
const story: [string, Facts][] = [
  ['lead', died('ada')],
  ['lead', named('ada')],
]
const yes: [string, Facts] = ['link:w', answered('ada', 'as-allowed')]
const look: Facts = { kind: 'restored', surface: 's2', stops: [], placements: ['p3'] }
const lookedBy = (by: string): [string, Facts] => [by, look]

test('rule 21: whoever has died is not seen from that moment; a family’s yes is seen only once somebody else has looked', () => {
  expect(ada([])).not.toEqual(never)
  expect(ada(story)).toEqual(never)
  expect(ada([...story, yes])).toEqual(never)
  const at = lastOf(logOf(sound(), [1])) + 4 * 3_600_000
  const again = ada([...story, yes, lookedBy('reader')])
  expect(again?.[0]?.[0]).toBe(at)
  expect(again).not.toEqual(since(at))
})

test('rule 18: neither whoever posted it, nor who said so, nor the site looks; and nobody names themselves', () => {
  for (const by of ['poster', 'link:w', 'site']) expect(ada([...story, yes, lookedBy(by)])).toEqual(never)
  const self: [string, Facts] = ['lead', answered('ada', 'as-allowed')]
  expect(ada([...story, self, lookedBy('reader')])).toEqual(never)
  const early = [story[0], yes, story[1], lookedBy('reader')].filter((one) => one !== undefined)
  expect(ada(early)).toEqual(never)
  expect(ada([...story, lookedBy('reader'), yes])).toEqual(never)
})

test('rule 21: nothing new is given for somebody who has died, nor shown that was not shown before', () => {
  const steps = sound()
  const split = (kind: Facts['kind']): Event[] => {
    const late = steps.filter(({ facts }) => facts.kind === kind)
    const rest = steps.filter(({ facts }) => facts.kind !== kind)
    const more = [...story, yes].map(([by, facts]) => ({ by, facts }))
    return followedBy(logOf([...rest, ...more, ...late], [1]), [{ by: 'reader', facts: look }])
  }
  for (const kind of ['given', 'live'] as const) expect(allShows(split(kind)).get('p3')).toEqual(never)
  expect(allShows(split('opened')).get('p3')).not.toEqual(never)
})

test(
  'rule 22: no answer of a steward makes anything visible that the person’s own permission did not cover before',
  many,
  () => {
    fc.assert(
      fc.property(mourned, steps, ({ who, after }, more) => {
        // Whatever is given for the person afterwards gives nothing.
        const late = more.flatMap(([step]) =>
          ['given', 'answered', 'resumed'].includes(step.facts.kind) &&
          'person' in step.facts &&
          step.facts.person === who
            ? [step]
            : [],
        )
        const told = ['died', 'steward', 'steward-said']
        expectNoMore(
          followedBy(after, late),
          after.filter(({ kind }) => !told.includes(kind)),
        )
      }),
      many.runs,
    )
  },
)

test(
  'rule 3: a no, a death, or that it stays taken down, at any time, never makes anything visible; also after a family’s yes',
  many,
  () => {
    fc.assert(
      fc.property(mourned, restriction, place, ({ after }, no, at) =>
        expectNoMore(inserted(after, no, at), after),
      ),
      many.runs,
    )
  },
)

test(
  'rule 5: once somebody of the family said that it stays taken down, nothing that anybody says brings it back',
  many,
  () => {
    fc.assert(
      fc.property(mourned, place, hand, steps, ({ who, after }, at, by, more) => {
        const kept = inserted(after, { facts: answered(who, 'keep-down'), by }, at)
        const noisy = more.reduce((log, [step, where]) => inserted(log, step, where), kept)
        const state = fold(noisy)
        // Of somebody who has not died after all, what came after it is not what the family spoke of.
        const meant = (id: string): boolean =>
          state.people.get(who)?.died !== null ||
          (state.placements.get(id)?.liveAs ?? 0) < (state.keptDown.get(who) ?? 0)
        for (const id of placementIds)
          if (state.placements.has(id) && showsPerson(noisy, id, who) && meant(id))
            expect(showsOf(state, id)).toEqual(never)
      }),
      many.runs,
    )
  },
)

test('“not now” changes nothing', many, () => {
  fc.assert(
    fc.property(mourned, place, hand, ({ who, after }, at, by) => {
      const said = inserted(after, { facts: answered(who, 'not-now'), by }, at)
      expect(allShows(said)).toEqual(allShows(after))
    }),
    many.runs,
  )
})

describe('a death that was written down by mistake', () => {
  /** The site by itself takes nothing back. */
  const anybody = fc.constantFrom(...hands.filter((one) => one !== 'site'))
  const mistaken = (person: string): Facts => ({ kind: 'death-mistaken', person })

  test('gives back what was allowed before, from the moment it is taken back, and only to what is taken back by a person', () => {
    const taken = ada([...story, ['lead', mistaken('ada')]])
    expect(taken).toEqual(meet(ada([]) ?? never, since(lastOf(logOf(sound(), [1])) + 3 * 3_600_000)))
    expect(ada([...story, ['site', mistaken('ada')]])).toEqual(never)
    expect(ada([['lead', mistaken('ada')], ...story])).toEqual(never)
    expect(ada([...story, ['lead', mistaken('ada')], ['lead', died('ada')]])).toEqual(never)
  })

  test('leaves down what the family said stays down', () => {
    const kept: [string, Facts] = ['link:w', answered('ada', 'keep-down')]
    expect(ada([...story, kept, ['lead', mistaken('ada')]])).toEqual(never)
  })

  test('rule 22: gives back nothing that was not allowed before, whatever was said meanwhile', many, () => {
    fc.assert(
      fc.property(history, steps, some(people), hand, (after, more, who, by) => {
        const between = more.map(([step]) => step).filter(({ facts }) => facts.kind !== 'death-mistaken')
        const gives = ['given', 'answered', 'resumed']
        const kept = between.filter(
          ({ facts }) => !(gives.includes(facts.kind) && 'person' in facts && facts.person === who),
        )
        const end = { facts: mistaken(who), by }
        // The same moments, without the death and what was given meanwhile.
        const begun = followedBy(after, [{ facts: died(who), by }])
        const gaveNothing = between.map((step) =>
          kept.includes(step)
            ? step
            : { facts: { kind: 'opened' as const, surface: null, person: who, what: '' }, by },
        )
        expectNoMore(
          followedBy(begun, [...between, end]),
          followedBy(after, [
            { facts: { kind: 'opened', surface: null, person: who, what: '' }, by },
            ...gaveNothing,
          ]),
        )
      }),
      many.runs,
    )
  })

  test('rule 22: said and taken back at once, all that is to come is as before', many, () => {
    fc.assert(
      fc.property(history, some(people), anybody, (events, who, by) => {
        const both = followedBy(events, [
          { facts: died(who), by },
          { facts: mistaken(who), by },
        ])
        expectSame(both, events, since(lastOf(events) + 2 * 3_600_000))
      }),
      many.runs,
    )
  })
})
