import { expect, test } from 'vitest'
import { readPlaceWords } from './where.ts'

test('the last part of a line is a country only when it names one, in whatever way people write it', () => {
  const country = (line: string) => readPlaceWords(line, 'en').country
  expect(['Leeds, UK', 'Leeds, Scotland', 'Brno, Czech Republic', 'Bonn, Germany'].map(country)).toEqual([
    'GB',
    'GB',
    'CZ',
    'DE',
  ])
  // Words that every object of JavaScript has are no countries.
  for (const word of ['constructor', 'tostring', 'valueof', 'nowhere'])
    expect(country(`Leeds, ${word}`)).toBeNull()
})
