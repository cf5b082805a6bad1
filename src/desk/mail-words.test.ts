import { expect, test } from 'vitest'
import catalogue from '../../messages/en.json' with { type: 'json' }
import { sayMail } from '#desk/mail-words.ts'
import { textIn } from '#kernel/messages.ts'

const say = (name: string) => sayMail(name, 'A Bit Extra', textIn('en'))

test.each([
  ['rsvp-confirm-full', 'Press once more to join the waiting list'],
  ['afterwards', 'How was it?'],
  ['story-asked', 'A question about your story'],
  ['activity-asked', 'A question about …'],
  ['sign-in', 'Sign in to A Bit Extra'],
])('the mail %s is called "%s"', (name, words) => {
  expect(say(name)).toBe(words)
})

test('every mail is called something in words', () => {
  const names = Object.keys(catalogue).flatMap((key) => /^mail\.([\w-]+)\.subject$/.exec(key)?.[1] ?? [])
  expect(names.length).toBeGreaterThan(40)
  for (const name of names) expect(say(name), name).toMatch(/^[A-Z…][^{}]{4,}$/)
})
