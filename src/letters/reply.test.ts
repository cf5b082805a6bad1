import { expect, test } from 'vitest'
import * as v from 'valibot'
import { meaningOf, presses, pressForm, pressOf, typedCode } from './reply.ts'

test('every press is known again by what was kept of it', () => {
  for (const press of presses) expect(pressOf(meaningOf(press, false).kind)).toBe(press)
  expect(pressOf(meaningOf('yes', true).kind)).toBe('yes')
  expect(pressOf('acknowledged')).toBeNull()
})

test('a code typed from paper is understood', () => {
  const same = [
    'k7qd4mtx',
    ' k7qd 4mtx ',
    'K7OD–4MTX',
    'k70d 4mtx',
    'https://week.example/reply/K7QD-4MTX?seal=a',
  ]
  for (const typed of ['K7QD-4MTX', ...same]) expect(v.parse(typedCode, typed)).toBe('K7QD-4MTX')
  expect(v.parse(typedCode, '1i7q 4mtx')).toBe('LL7Q-4MTX')
})

test('a day alone promises nothing, and says so at its place', () => {
  const read = v.safeParse(pressForm, { code: 'K7QD-4MTX', press: 'yes', due: '2027-11-01' })
  expect(read.issues?.map((one) => [one.path?.[0]?.key, one.message])).toEqual([
    ['promise', 'letters.promise.needed'],
  ])
})
