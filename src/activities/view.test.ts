import { expect, test } from 'vitest'
import { ownLanguage } from '#activities/view.ts'

test.each([
  ['Coffee and chat', ['en'], undefined],
  ['Coffee and chat', [], undefined],
  ['Kaffe og nærvær', ['da'], 'da'],
  ['Coffee for everybody', ['en', 'da'], undefined],
  ['لقاء قصير', ['en', 'ar'], 'ar'],
  ['لقاء قصير', ['fr', 'en', 'ar'], 'ar'],
  ['手をつなぐ', ['en', 'ja'], 'ja'],
  ['👋', ['en', 'ja'], 'ja'],
])('%s, in %j, is written in %s on an English page', (title, languages, own) => {
  expect(ownLanguage({ title, languages }, 'en')).toBe(own)
})
