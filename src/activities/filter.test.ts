import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessCodes, welcomeCodes } from '#activities/activity.ts'
import { addDays } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import { addressOf, daysOf, noFilter, queryOf, readFilter, type Filter } from '#activities/filter.ts'

const read = (query: string) => readFilter(new URLSearchParams(query))

const codes = <Code extends string>(all: readonly Code[]) =>
  fc.uniqueArray(fc.constantFrom(...all)).map((list) => list.toSorted())
const maybe = <Value>(some: fc.Arbitrary<Value>) => fc.option(some, { nil: null })
const days = fc.integer({ min: 0, max: 70_000 }).map((count) => addDays('1980-01-02', count))
const filters: fc.Arbitrary<Filter> = fc
  .record({
    q: maybe(
      fc
        .string({ unit: 'grapheme', maxLength: 60 })
        .map(cleanLine)
        .filter((words) => words !== '' && words.length <= 200),
    ),
    kind: codes(['cafe', 'letter', 'flash-mob', 'a-new-kind']),
    country: codes(['GB', 'DK', 'NZ', 'XK']),
    near: maybe(
      fc.record({
        lat: fc.integer({ min: -90_000, max: 90_000 }).map((count) => count / 1000 + 0),
        lon: fc.integer({ min: -180_000, max: 180_000 }).map((count) => count / 1000 + 0),
      }),
    ),
    town: maybe(fc.constantFrom('Galway', 'Köln')),
    within: fc.integer({ min: 1, max: 20_000 }),
    online: maybe(fc.boolean()),
    from: maybe(days),
    to: maybe(days),
    day: maybe(days),
    language: codes(['en', 'da', 'cy', 'bfi', 'zh-Hant-TW']),
    access: codes(accessCodes),
    welcome: codes(welcomeCodes),
    group: maybe(fc.constantFrom('leeds', 'cardiff-and-the-vale')),
    week: maybe(fc.integer({ min: 1980, max: 2200 })),
    page: fc.integer({ min: 1, max: 100_000 }),
    limit: fc.integer({ min: 1, max: 100 }),
  })
  .map((filter) => ({
    ...filter,
    within: filter.near ? filter.within : noFilter.within,
    town: filter.near ? filter.town : null,
    ...(filter.from && filter.to && filter.from > filter.to && { from: filter.to, to: filter.from }),
  }))

describe('an address', () => {
  test('that a filter writes is read as the same filter', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(read(queryOf(filter))).toEqual({ filter, bad: [] })
      }),
    )
  })

  test('is the same for the same question, however it was written', () => {
    fc.assert(
      fc.property(filters, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (filter, luck) => {
        const pairs = [...new URLSearchParams(queryOf(filter))]
        const mixed = pairs
          .map((pair) => ({ pair, at: luck.next().value ?? 0 }))
          .toSorted((one, other) => one.at - other.at)
          .map(({ pair }) => pair)
        const written = new URLSearchParams([...mixed, ...mixed, ['utm_source', 'mail'], ['q', '']])
        expect(queryOf(readFilter(written).filter)).toBe(queryOf(filter))
      }),
    )
  })

  test('never makes reading fail, whatever stands in it', () => {
    const names = fc.constantFrom(...Object.keys(noFilter), 'other')
    const words = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(fc.array(fc.tuple(names, words)), (pairs) => {
        const { filter } = readFilter(new URLSearchParams(pairs))
        expect(read(queryOf(filter))).toEqual({ filter, bad: [] })
      }),
    )
  })

  test('without anything asks for the current week', () => {
    expect(read('')).toEqual({ filter: noFilter, bad: [] })
    expect(queryOf(noFilter)).toBe('')
    expect(addressOf('/activities', noFilter)).toBe('/activities')
  })

  test('stands sorted and plain', () => {
    const { filter } = read(
      'within=10&near=53.80001, -1.54989&country=uk&country=DK&kind=letter&kind=cafe&page=3',
    )
    expect(queryOf(filter)).toBe(
      'country=DK&country=GB&kind=cafe&kind=letter&near=53.8,-1.55&page=3&within=10',
    )
    expect(addressOf('/activities', filter, { country: [] })).toBe(
      '/activities?kind=cafe&kind=letter&near=53.8,-1.55&within=10',
    )
  })
})

test.each([
  ['kind', 'Café!', 'code'],
  ['country', 'ZZ', 'code'],
  ['country', 'Denmark', 'code'],
  ['near', '91,0', 'point'],
  ['near', 'Leeds', 'point'],
  ['within', '0', 'number'],
  ['online', 'perhaps', 'yes-no'],
  ['day', '2027-02-30', 'day'],
  ['from', '0000-01-01', 'day'],
  ['to', 'tomorrow', 'day'],
  ['language', 'english', 'code'],
  ['access', 'lift', 'code'],
  ['welcome', 'nobody', 'code'],
  ['group', '../etc', 'code'],
  ['week', '27', 'number'],
  ['page', '0', 'number'],
  ['page', '-1', 'number'],
  ['limit', '101', 'number'],
  ['limit', '1e2', 'number'],
  ['q', 'x'.repeat(201), 'words'],
])('%s=%s is said to be wrong and left out', (name, value, why) => {
  expect(readFilter(new URLSearchParams([[name, value]]))).toEqual({
    filter: noFilter,
    bad: [{ name, value, why }],
  })
})

test('a name that may stand once and stands twice is said', () => {
  expect(read('day=2027-10-19&day=2027-10-20').bad).toEqual([
    { name: 'day', value: '2027-10-20', why: 'once' },
  ])
})

test('days that end before they begin are said, and the beginning stays', () => {
  const { filter, bad } = read('from=2027-10-20&to=2027-10-18')
  expect(filter).toEqual({ ...noFilter, from: '2027-10-20' })
  expect(bad).toEqual([{ name: 'to', value: '2027-10-18', why: 'order' }])
})

test.each([
  ['', null],
  ['day=2027-10-19', { from: '2027-10-19', to: '2027-10-19' }],
  ['from=2027-10-19', { from: '2027-10-19', to: '2200-12-31' }],
  ['to=2027-10-19', { from: '1980-01-01', to: '2027-10-19' }],
  ['from=2027-10-18&to=2027-10-24&day=2027-10-20', { from: '2027-10-20', to: '2027-10-20' }],
  ['from=2027-10-21&day=2027-10-20', { from: '2027-10-21', to: '2027-10-20' }],
])('"%s" leaves these days', (query, span) => {
  expect(daysOf(read(query).filter)).toEqual(span)
})
