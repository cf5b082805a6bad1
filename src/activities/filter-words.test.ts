import { expect, test } from 'vitest'
import { filterParts, sayFilter } from '#activities/filter-words.ts'
import { addressOf, readFilter } from '#activities/filter.ts'
import { textIn } from '#kernel/messages.ts'

const text = textIn('en')
const names = { kinds: [{ code: 'cafe', name: 'Café' }], place: 'Leeds', group: null }
const filterOf = (query: string) => readFilter(new URLSearchParams(query)).filter
const partsOf = (query: string) => filterParts(filterOf(query), names, text, 'en')

test('each thing that is asked can be left out by itself, and the rest stays', () => {
  const query = 'access=captions&access=step-free&country=DK&country=GB&kind=cafe&q=tea&week=2027&page=3'
  expect(
    partsOf(query).map(({ words, without }) => [words, decodeURIComponent(addressOf('', without))]),
  ).toEqual([
    ['Café', '?access=captions&access=step-free&country=DK&country=GB&q=tea&week=2027'],
    ['with “tea”', '?access=captions&access=step-free&country=DK&country=GB&kind=cafe&week=2027'],
    ['Denmark', '?access=captions&access=step-free&country=GB&kind=cafe&q=tea&week=2027'],
    ['United Kingdom', '?access=captions&access=step-free&country=DK&kind=cafe&q=tea&week=2027'],
    ['Captions', '?access=step-free&country=DK&country=GB&kind=cafe&q=tea&week=2027'],
    ['Step-free', '?access=captions&country=DK&country=GB&kind=cafe&q=tea&week=2027'],
  ])
})

test('what can be asked in any way can be left out again until nothing is asked', () => {
  let filter = filterOf(
    'q=tea&kind=cafe&country=DK&near=53.8,-1.55&within=50&online=no&from=2027-10-18&to=2027-10-20&day=2027-10-19&language=da&access=captions&welcome=families&group=leeds&week=2027',
  )
  let left = filterParts(filter, names, text, 'en')
  expect(left).toHaveLength(12)
  for (; left[0]; left = filterParts(filter, names, text, 'en')) filter = left[0].without
  expect(addressOf('/activities', filter)).toBe('/activities?week=2027')
})

test('the sentence of a filter ends with what has to be there', () => {
  expect(sayFilter(filterOf('country=GB&access=step-free&welcome=families'), names, text, 'en')).toBe(
    'Activities in United Kingdom for Families (Step-free)',
  )
})
