import { expect, test } from 'vitest'
import { sayDifference, sayField, sayValue, type FieldNames } from '#activities/field-words.ts'
import { editInput } from '#activities/edit.ts'
import { textIn } from '#kernel/messages.ts'
import { snapshotFields } from '#activities/server/writes/snapshot.ts'

const say = { text: textIn('en'), language: 'en' } as const
const names: FieldNames = {
  kind: { cafe: 'Café or coffee morning' },
  group: { b2f1: 'Leeds' },
  audiences: { family: 'Family' },
}

test('every field of the form, and every column whose change is kept, has a name in words', () => {
  const fields = [...Object.keys(editInput.pipe[0].entries), ...snapshotFields, 'occurrences']
  const unsaid = ['token', 'revision', 'lat', 'lon', 'publicLat', 'publicLon']
  for (const field of fields.filter((one) => !unsaid.includes(one)))
    expect(sayField(field, say), field).toMatch(/^[A-Z]\w*( |$)/)
})

test.each([
  ['access', [], 'nothing'],
  ['access', ['step-free', 'quiet-space'], 'Step-free and Quiet space'],
  ['privatePlace', true, 'Yes'],
  ['private', '', 'No'],
  ['takesRsvps', 'yes', 'Yes'],
  ['kind', 'cafe', 'Café or coffee morning'],
  ['group', 'b2f1', 'Leeds'],
  ['audiences', ['family'], 'Family'],
  ['mode', 'hybrid', 'In a place and online'],
  ['country', 'DK', 'Denmark'],
  ['languages', ['da'], 'Danish'],
  ['signLanguages', ['bfi'], 'British Sign Language'],
  ['startLocal', '2027-10-19T10:00', 'Tuesday 19 October 2027, 10:00'],
  ['startDay', '2027-10-19', 'Tuesday 19 October 2027'],
  ['series', { every: 'week', until: '2027-11-09' }, 'Every week, until Tuesday 9 November 2027'],
  ['series', { dates: ['2027-10-19'] }, 'Tuesday 19 October 2027'],
  ['series', null, 'nothing'],
  ['occurrences', '2027-10-19T10:00 cancelled', 'Tuesday 19 October 2027, 10:00 (skipped)'],
  ['occurrences', [{ startDay: '2027-10-19', startLocal: null, status: 'on' }], 'Tuesday 19 October 2027'],
  ['every', 'month', 'Every month, on the same weekday'],
  ['timing', 'week', 'Some time this week'],
  ['capacity', 12, '12'],
  ['title', 'A talk: 10:00', 'A talk: 10:00'],
])('%s of %j is said in words', (field, value, words) => {
  expect(sayValue(field, value, names, say)).toBe(words)
})

test('a difference leaves out what only follows from the rest', () => {
  const diff = {
    town: ['Leeds', 'York'],
    lat: [53.8, 53.96],
    publicLat: [53.8, 53.96],
    startDay: ['2027-10-19', '2027-10-20'],
    startLocal: ['2027-10-19T10:00', '2027-10-20T10:00'],
    sortStart: ['a', 'b'],
  } as const
  expect(sayDifference(diff, names, say)).toEqual([
    { field: 'Town', before: 'Leeds', after: 'York' },
    {
      field: 'Begins',
      before: 'Tuesday 19 October 2027, 10:00',
      after: 'Wednesday 20 October 2027, 10:00',
    },
  ])
})
