import { expect, test } from 'vitest'
import { minute } from '#kernel/limits.ts'
import { Misses, mostMisses } from './misses.ts'

const now = new Date('2027-10-19T10:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * minute)

test('whoever guesses wrong too often waits a quarter of an hour, and nobody else does', () => {
  const misses = new Misses('reply.too-often')
  for (let at = 0; at < mostMisses; at++) {
    misses.check('1.2.3.4', now)
    misses.count('1.2.3.4', now)
  }
  expect(() => misses.check('1.2.3.4', later(14))).toThrow('too-often')
  misses.check('1.2.3.5', now)
  misses.check('1.2.3.4', later(15))
})
