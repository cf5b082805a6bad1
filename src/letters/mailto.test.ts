import { expect, test } from 'vitest'
import { mailtoOf, mostMailto, textOf } from './mailto.ts'

const letter = {
  name: 'Ann Example',
  lines: ['1 Long Road', 'Leeds'],
  title: 'Tea & cake?',
  greeting: 'Dear Chair,',
  words: 'One.\n\nTwo & three = five?',
  closing: 'Yours,',
}

test('a letter opens in a mail program as it was written', () => {
  const link = mailtoOf('chair+desk@trust.example', letter.title, textOf(letter, ['A parent in Leeds'])) ?? ''
  const asked = new URL(link)
  expect(decodeURIComponent(asked.pathname)).toBe('chair+desk@trust.example')
  expect(asked.searchParams.get('subject')).toBe(letter.title)
  expect(asked.searchParams.get('body')?.replaceAll('\r\n', '\n')).toBe(
    'Dear Chair,\n\nOne.\n\nTwo & three = five?\n\nYours,\n\nAnn Example\n1 Long Road\nLeeds\n\nA parent in Leeds',
  )
})

test('nothing in an address can add to the link', () => {
  expect(mailtoOf('a@b.example?bcc=x@y.example', 't', 'w')).toBe(
    'mailto:a@b.example%3Fbcc%3Dx%40y.example?subject=t&body=w',
  )
})

test('a longer one than every program takes is none, counted as it is encoded', () => {
  const room = mostMailto - (mailtoOf('', '', '') ?? '').length
  expect(mailtoOf('', '', 'a'.repeat(room))).toHaveLength(mostMailto)
  expect(mailtoOf('', '', 'a'.repeat(room + 1))).toBeNull()
  expect(mailtoOf('', '', 'ع'.repeat(Math.floor(room / 6) + 1))).toBeNull()
})
