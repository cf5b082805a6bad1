import * as fc from 'fast-check'
import type { About, Rules, Scope } from '#consent/events.ts'
import { rulesOf } from '#consent/ceiling.ts'
import { circles, modes, modifiers, purposes } from '#kernel/permission-words.ts'
import { defaultPolicy, sitePolicy } from '#organisations/policy.ts'

export const day = 86_400_000
export const begin = Date.UTC(2027, 9, 18)
export const hands = ['poster', 'reader', 'third', 'link:a', 'site'] as const
export const people = ['ada', 'bo', 'cy', 'dee', 'fay'] as const
export type PersonName = (typeof people)[number]

export const mostly = <Value>(good: Value, others: fc.Arbitrary<Value>, weight = 30): fc.Arbitrary<Value> =>
  fc.oneof({ weight, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: others })
export const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values)
export const few = <Value>(values: readonly Value[], max = values.length): fc.Arbitrary<Value[]> =>
  fc.subarray([...values], { maxLength: max })

export const wide: Rules = {
  ...rulesOf({ ...defaultPolicy('england'), basis: 'written', condition: 'written' }),
  widest: { ...defaultPolicy('england').widest, 'best-interests': 5 },
  purposes,
}
export const england = rulesOf(defaultPolicy('england'))
export const strictest = rulesOf(sitePolicy)
export const rules: fc.Arbitrary<Rules> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(wide) },
  { weight: 1, arbitrary: some([england, strictest, rulesOf(defaultPolicy('ireland'))]) },
  {
    weight: 1,
    arbitrary: fc.record({
      widest: fc.constant(wide.widest),
      purposes: few(purposes),
      days: fc.record({ other: fc.integer({ min: 1, max: 400 }) }),
      basis: mostly(true, fc.constant(false), 3),
      condition: mostly(true, fc.constant(false), 3),
      askedAgainAt: some([11, 12, 13, 15]),
      decidesAt: some([12, 14, 16, 18]),
      parentToo: fc.boolean(),
      paperFrom: some([16, 18]),
      delay: fc.integer({ min: 0, max: 30 }),
    }),
  },
)

export const fullScope: Scope = { circle: 6, purposes, modifiers: ['voice', 'place', 'alias'], modes }
export const scope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 25, arbitrary: fc.constant(fullScope) },
  {
    weight: 1,
    arbitrary: fc.record({
      circle: some(circles),
      purposes: few(purposes),
      modifiers: few(modifiers),
      modes: few(modes),
    }),
  },
)
export const series = (organisation = 'o1'): About => ({
  kind: 'story',
  organisation,
  surface: null,
  version: null,
})
export const aboutStory = (surface = 's1'): About => ({
  kind: 'story',
  organisation: 'o1',
  surface,
  version: null,
})
export const about: fc.Arbitrary<About> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(series()) },
  { weight: 6, arbitrary: some(['s1', 's2']).map(aboutStory) },
  {
    weight: 1,
    arbitrary: some([
      series('o2'),
      { ...series(), kind: 'film' },
      { ...aboutStory(), kind: 'film' },
      { ...aboutStory(), version: 'v1' },
    ]),
  },
)
export const moment = fc.integer({ min: -20, max: 500 }).map((days) => begin + days * day)
/** When a form on paper may have been signed: mostly long before it is written down. */
export const signedDay = fc.integer({ min: -1500, max: 30 }).map((days) => begin + days * day)
export const later = fc.integer({ min: 150, max: 500 }).map((days) => begin + days * day)
export const monthBegin = fc.integer({ min: -3, max: 16 }).map((months) => Date.UTC(2027, 9 + months, 1))
