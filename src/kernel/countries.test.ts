import { expect, test } from 'vitest'
import { countryChoices, countryCodes } from '#kernel/countries.ts'

test('the countries people live in are there, once each', () => {
  expect(countryCodes).toEqual(
    expect.arrayContaining(['GB', 'IE', 'DK', 'XK', 'PS', 'SY', 'TW', 'NZ', 'KI', 'WS']),
  )
  expect(new Set(countryCodes).size).toBe(countryCodes.length)
  expect(countryCodes.length).toBeGreaterThan(240)
  expect(countryCodes.length).toBeLessThan(260)
})

test('what is no country any more, or never was, is not', () => {
  for (const code of ['BU', 'DD', 'SU', 'YU', 'UK', 'EU', 'ZZ', 'AN'])
    expect(countryCodes).not.toContain(code)
})

test('they stand in the order of the language', () => {
  const names = countryChoices('en').map((one) => one.label)
  expect(names.indexOf('Åland Islands')).toBeLessThan(names.indexOf('Denmark'))
})
