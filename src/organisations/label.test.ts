import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looksLikeName } from '#organisations/label.ts'
import { colours } from '#organisations/supported.ts'

describe('a label that looks like a name', () => {
  test.each([
    'Sam',
    'sam',
    'Jo',
    'ANNA',
    'Sam K.',
    'Blue Sam',
    'Rose',
    'Amber',
    'Ruby 2',
    'Søren',
    'محمد',
    '美咲',
    'Mrs K',
    'O’Neill',
    'sam@example.org',
    'room 4 sam',
  ])('%s is asked about', (label) => {
    expect(looksLikeName(label)).toBe(true)
  })

  test.each([
    'SK',
    'S.K.',
    'S. K.',
    's k',
    'S',
    'Ø.Å.',
    'S.K. 2',
    'Blue',
    'dark blue',
    'Blue 2',
    'Blue-2',
    'Red star',
    'Rød',
    'Grün',
    '12',
    'Green #3',
  ])('%s is not', (label) => {
    expect(looksLikeName(label)).toBe(false)
  })

  test('no colour that can be chosen is taken for a name', () => {
    expect(colours.filter(looksLikeName)).toEqual([])
  })

  test('whatever somebody types is answered, and a first name in front never hides a word behind it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (words) => {
        expect(looksLikeName(`Samantha ${words}`)).toBe(true)
        expect(typeof looksLikeName(words)).toBe('boolean')
      }),
    )
  })
})
