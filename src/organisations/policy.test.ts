import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { circles, nations, purposes, routes } from '#kernel/permission-words.ts'
import {
  ceilingOf,
  daysOf,
  defaultPolicy,
  movesOf,
  readPolicy,
  tighterThan,
  widestOf,
  type Policy,
} from '#organisations/policy.ts'

const everywhere = [...nations, null]
const some = fc.record<Policy>({
  nation: fc.constantFrom(...everywhere),
  widest: fc.dictionary(fc.constantFrom(...routes), fc.constantFrom(...circles)),
  purposes: fc.uniqueArray(fc.constantFrom(...purposes)),
  days: fc.record({
    'best-interests': fc.integer({ min: 1, max: 400 }),
    other: fc.integer({ min: 1, max: 800 }),
  }),
  condition: fc.constantFrom('', ' ', 'Substantial public interest.', 'Explicit consent.'),
  basis: fc.constantFrom('', 'Consent.'),
  askedAgainAt: fc.integer({ min: 10, max: 16 }),
  decidesAt: fc.integer({ min: 12, max: 18 }),
  parentToo: fc.boolean(),
  originals: fc.integer({ min: 1, max: 365 }),
  delay: fc.integer({ min: 0, max: 90 }),
})

describe('what holds until somebody says otherwise', () => {
  test('nothing that is decided in somebody’s best interests goes beyond a showing', () => {
    for (const nation of everywhere) {
      const widest = widestOf(defaultPolicy(nation), 'best-interests')
      expect(widest === null || widest === 3, String(nation)).toBe(true)
    }
  })

  test('best interests is no way to decide in Scotland and Ireland, and cannot be chosen there', () => {
    for (const nation of ['scotland', 'ireland'] as const) {
      expect(widestOf(defaultPolicy(nation), 'best-interests')).toBeNull()
      expect(ceilingOf(nation)).not.toHaveProperty('best-interests')
    }
    expect(ceilingOf('england')['best-interests']).toBe(5)
  })

  test('in any other country only what people decide about themselves', () => {
    expect(Object.keys(defaultPolicy(null).widest).toSorted()).toEqual(['nobody', 'other-adult', 'own'])
  })

  test('where no power of attorney is about welfare, attorneys do not decide', () => {
    expect(widestOf(defaultPolicy('northern-ireland'), 'attorney')).toBeNull()
    expect(widestOf(defaultPolicy('wales'), 'attorney')).toBe(5)
  })

  test('a child is asked again at 13, and at 12 where the law presumes that they decide', () => {
    expect(everywhere.map((nation) => defaultPolicy(nation).askedAgainAt)).toEqual([13, 13, 12, 13, 13, 13])
  })

  test('no default is wider than the law of its nation lets it be, nor any way wider without an organisation', () => {
    for (const nation of everywhere) {
      for (const route of routes) {
        const widest = defaultPolicy(nation).widest[route] ?? -1
        expect(widest).toBeLessThanOrEqual(ceilingOf(nation)[route] ?? -1)
        expect(defaultPolicy(null).widest[route] ?? -1).toBeLessThanOrEqual(widest)
      }
    }
  })

  test('a decision in somebody’s best interests lasts half as long', () => {
    expect(daysOf(defaultPolicy('england'), 'best-interests')).toBe(180)
    expect(daysOf(defaultPolicy('england'), 'parents')).toBe(365)
  })
})

describe('the written condition', () => {
  const wide: Policy = { ...defaultPolicy('england'), widest: { 'best-interests': 5, parents: 5 } }

  test('without it a wider circle is not there, whatever the policy says', () => {
    for (const condition of ['', '  \n']) expect(widestOf({ ...wide, condition }, 'best-interests')).toBe(3)
    expect(widestOf({ ...wide, condition: 'Substantial public interest.' }, 'best-interests')).toBe(5)
  })

  test('it is about nothing but best interests', () => {
    expect(widestOf(wide, 'parents')).toBe(5)
  })
})

describe('tighter and looser', () => {
  test('one is tighter than the other in a rule exactly when the other is looser in it', () => {
    fc.assert(
      fc.property(some, some, (one, other) => {
        const tighter = movesOf(one, other).flatMap(({ rule, move }) => (move === 'tighter' ? [rule] : []))
        const looser = movesOf(other, one).flatMap(({ rule, move }) => (move === 'looser' ? [rule] : []))
        expect(tighter).toEqual(looser)
        expect(tighterThan(one, other)).toBe(tighter.length > 0)
      }),
    )
  })

  test('nothing is tighter than itself', () => {
    fc.assert(fc.property(some, (one) => !tighterThan(one, one) && movesOf(one, one).length === 0))
  })

  test('when a way reaches less far than before, the policy is tighter', () => {
    fc.assert(
      fc.property(some, some, fc.constantFrom(...routes), (one, other, route) => {
        fc.pre((widestOf(one, route) ?? -1) < (widestOf(other, route) ?? -1))
        expect(tighterThan(one, other)).toBe(true)
      }),
    )
  })

  const before: Policy = { ...defaultPolicy('england'), condition: 'A' }
  test.each<[string, Partial<Policy>, string, string]>([
    ['a way not used any more', { widest: { own: 6 } }, 'widest-parents', 'tighter'],
    ['a purpose more', { purposes: ['celebrate', 'teach', 'promote'] }, 'purpose-promote', 'looser'],
    ['a purpose less', { purposes: ['celebrate'] }, 'purpose-teach', 'tighter'],
    ['a longer time', { days: { 'best-interests': 180, other: 400 } }, 'days-other', 'looser'],
    ['asking later', { askedAgainAt: 14 }, 'asked-again', 'looser'],
    ['deciding later', { decidesAt: 18 }, 'decides', 'tighter'],
    ['no parent needed', { parentToo: false }, 'parent-too', 'looser'],
    ['originals for a shorter time', { originals: 7 }, 'originals', 'tighter'],
    ['a shorter wait', { delay: 1 }, 'delay', 'looser'],
    ['a condition taken away', { condition: ' ' }, 'condition', 'tighter'],
    ['a condition in other words', { condition: 'B' }, 'condition', 'reworded'],
    ['a basis written', { basis: 'C' }, 'basis', 'looser'],
  ])('%s is said', (_what, over, rule, move) => {
    expect(movesOf({ ...before, ...over }, before)).toContainEqual({ rule, move })
  })
})

describe('a version as it is kept', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(some, (policy) => {
        expect(readPolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
      }),
    )
  })

  test.each([
    ['nothing', null],
    ['half of one', { widest: { own: 6 } }],
    ['a circle that is none', { ...defaultPolicy('england'), widest: { own: 7 } }],
    ['a term without end', { ...defaultPolicy('england'), days: { other: 'for ever' } }],
  ])('%s is no policy', (_what, kept) => {
    expect(readPolicy(kept)).toBeNull()
  })
})
