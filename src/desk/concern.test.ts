import * as v from 'valibot'
import { expect, test } from 'vitest'
import { concernForm } from '#desk/concern.ts'

const slips = {
  formKey: 'k'.repeat(200),
  about: ['stories:bell', 'stories:other'],
  words: `${'x'.repeat(4999)}😀`,
  email: 'me at home',
  country: 'Denmark',
}

test.each(['take-down', 'worried'] as const)('nothing that is typed keeps "%s" from hiding', (door) => {
  expect(v.parse(concernForm, { ...slips, door })).toEqual({
    formKey: '',
    door,
    about: 'stories:bell',
    words: `${'x'.repeat(4999)}\uFFFD`,
    email: '',
    country: null,
  })
  expect(v.parse(concernForm, { door, about: 'stories:bell' })).toEqual({
    formKey: '',
    door,
    about: 'stories:bell',
    words: null,
    email: null,
    country: null,
  })
})

test('without a door nothing is done, and what hides nothing says what is wrong', () => {
  const read = (form: object) => v.safeParse(concernForm, form).issues?.map((issue) => issue.message)
  expect(read({ about: 'stories:bell' })).toEqual(['report.choose'])
  expect(read({ about: 'stories:bell', door: '' })).toEqual(['report.choose'])
  expect(read({ door: 'wrong', about: '/', email: 'me at home' })).toEqual(['input.email'])
  expect(read({ door: 'wrong' })).toEqual(['report.what-wrong'])
  expect(read({ door: 'worried' })).toBeUndefined()
})

test('to take something down it is asked what, only where nothing at all says so', () => {
  const read = (form: object) =>
    v
      .safeParse(concernForm, { door: 'take-down', ...form })
      .issues?.map((issue) => [issue.message, issue.path?.map(({ key }) => key)])
  expect(read({})).toEqual([['report.what-about', ['about']]])
  expect(read({ about: ' ', words: '\u200B', email: '' })).toEqual([['report.what-about', ['about']]])
  for (const said of [
    { about: 'stories:bell' },
    { words: 'The film at the pool' },
    { email: 'me@people.test' },
  ])
    expect(read(said)).toBeUndefined()
})
