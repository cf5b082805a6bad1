import { expect, test } from 'vitest'
import { textIn } from '#kernel/messages.ts'

const text = textIn('en')

test('initials with a full stop end a sentence with one, and stay whole inside it', () => {
  expect(text('pictures.way.own', { label: 'A.B.' })).toBe('A.B. is asked, in a way they understand.')
  expect(text('pictures.same-words', { labels: 'A.B., Q.T.' })).toBe('In the photograph before: A.B., Q.T.')
  expect(text('pictures.same-words', { labels: 'Blue' })).toBe('In the photograph before: Blue.')
})
