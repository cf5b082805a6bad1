import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { ageBands } from '#kernel/permission-words.ts'
import { peopleForm } from '#organisations/people-form.ts'
import { bandOn, changeFits } from '#organisations/supported.ts'

describe('the age band of a day', () => {
  const child = { ageBand: 'under-13' as const, nextChange: '2027-05-01' }

  test.each([
    ['2027-04-30', 'under-13', '2027-05-01'],
    ['2027-05-01', '13-15', '2030-05-01'],
    ['2030-04-30', '13-15', '2030-05-01'],
    ['2030-05-01', '16-17', '2032-05-01'],
    ['2032-05-01', 'adult', null],
    ['2099-01-01', 'adult', null],
  ])('on %s it is %s, until %s', (day, ageBand, nextChange) => {
    expect(bandOn(child, day)).toEqual({ ageBand, nextChange })
  })

  test('an adult stays one', () => {
    expect(bandOn({ ageBand: 'adult', nextChange: null }, '2099-01-01').ageBand).toBe('adult')
  })

  test('looking again later from what was answered earlier makes no difference, and nobody grows younger', () => {
    const day = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, day, (one, other) => {
        const [early, late] = one < other ? [one, other] : [other, one]
        const first = bandOn(child, early)
        expect(bandOn(first, late)).toEqual(bandOn(child, late))
        const [young, old] = [first, bandOn(first, late)].map(({ ageBand }) => ageBands.indexOf(ageBand))
        expect(old).toBeGreaterThanOrEqual(young ?? 0)
      }),
    )
  })
})

test.each([
  ['under-13', '2027-10-01', true],
  ['under-13', '2027-09-01', false],
  ['under-13', '2041-09-01', false],
  ['13-15', '2030-09-01', true],
  ['13-15', '2031-01-01', false],
  ['16-17', '2029-09-01', true],
  ['16-17', '2029-10-01', false],
  ['adult', '2027-10-01', false],
  ['adult', null, true],
  ['13-15', null, false],
] as const)('for %s a next change in %s fits: %s', (ageBand, nextChange, fits) => {
  expect(changeFits({ ageBand, nextChange }, '2027-09-10')).toBe(fits)
})

describe('rows of people', () => {
  const wrong = (typed: Record<string, string>): unknown[] =>
    v.safeParse(peopleForm, typed).issues?.map((issue) => [issue.path?.[0]?.key, issue.message]) ?? []

  test('empty rows are left out, a colour is a label, and the month becomes its first day', () => {
    const read = v.parse(peopleForm, {
      slug: 'x',
      'band-1': 'adult',
      'label-2': ' S.K. ',
      'band-2': '13-15',
      'month-2': '5',
      'year-2': '٢٠٢٨',
      'colour-7': 'blue',
      'band-7': 'adult',
      'month-7': '5',
    })
    expect(read.people).toEqual([
      { row: 2, label: 'S.K.', colour: '', ageBand: '13-15', nextChange: '2028-05-01' },
      { row: 7, label: 'Blue', colour: 'blue', ageBand: 'adult', nextChange: null },
    ])
  })

  test('a name is asked about, and kept when somebody says that it is none', () => {
    const typed = { 'label-1': 'Will', 'band-1': 'adult' }
    expect(wrong(typed)).toEqual([['label-1', 'organisations.people.name']])
    expect(wrong({ ...typed, 'sure-1': 'yes' })).toEqual([])
  })

  test('every wrong row is said at once', () => {
    expect(
      wrong({ 'label-1': 'S.K.', 'label-2': 'T.', 'band-2': '16-17', 'year-2': 'x', 'colour-3': 'mauve' }),
    ).toEqual([
      ['band-1', 'input.choose'],
      ['year-2', 'organisations.people.month'],
      ['label-3', 'organisations.people.name'],
      ['colour-3', 'input.choose'],
      ['band-3', 'input.choose'],
    ])
    expect(wrong({})).toEqual([['label-1', 'input.needed']])
  })
})
