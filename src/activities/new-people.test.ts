import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortAudiences } from '#activities/new-people.ts'

const known = [
  { code: 'colleague-new', cluster: 'colleagues' },
  { code: 'colleague-sceptical', cluster: 'colleagues' },
  { code: 'friend', cluster: 'friends-family' },
]

test('a plain group alone is kept as it is', () => {
  expect(sortAudiences({ colleagues: 4 }, known)).toEqual({ colleagues: 4 })
})

test('a finer answer is taken out of its group, so that nobody is counted twice', () => {
  expect(sortAudiences({ colleagues: 5, 'colleague-new': 2 }, known)).toEqual({
    'colleague-new': 2,
    colleagues: 3,
  })
})

test('finer answers alone need no group', () => {
  expect(sortAudiences({ 'colleague-new': 2 }, known)).toEqual({ 'colleague-new': 2 })
})

test('more in the finer answers than in the group, or an unknown code, is refused', () => {
  expect(sortAudiences({ colleagues: 1, 'colleague-new': 2 }, known)).toBeNull()
  expect(sortAudiences({ martians: 2 }, known)).toBeNull()
  expect(sortAudiences(JSON.parse('{"__proto__": 2}'), known)).toBeNull()
})

test('the sum is that of the groups given, or of the finer answers where no group was', () => {
  const count = fc.integer({ min: 1, max: 50 })
  fc.assert(
    fc.property(
      fc.record(
        { colleagues: count, 'colleague-new': count, 'colleague-sceptical': count },
        { requiredKeys: [] },
      ),
      (given) => {
        const sorted = sortAudiences(given, known)
        const fine = (given['colleague-new'] ?? 0) + (given['colleague-sceptical'] ?? 0)
        if (given.colleagues !== undefined && given.colleagues < fine) {
          expect(sorted).toBeNull()
          return
        }
        const sum = Object.values(sorted ?? {}).reduce((all, one) => all + one, 0)
        expect(sum).toBe(given.colleagues ?? fine)
      },
    ),
  )
})
