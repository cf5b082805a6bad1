import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { showsOf } from '#consent/engine.ts'
import type { Event, Facts } from '#consent/events.ts'
import { fold } from '#consent/fold.ts'
import { never, since } from '#consent/ranges.ts'
import { restriction, widening } from '../../test/consent/changes.ts'
import { hands } from '../../test/consent/choices.ts'
import { lastOf, showsPerson } from '../../test/consent/change.ts'
import { allShows, expectNoMore } from '../../test/consent/compare.ts'
import { inserted, logOf, place } from '../../test/consent/history.ts'
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
        for (const id of placementIds)
          if (fold(noisy).placements.has(id) && showsPerson(noisy, id, who))
            expect(showsOf(fold(noisy), id)).toEqual(never)
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
