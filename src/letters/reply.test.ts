import { expect, test } from 'vitest'
import * as v from 'valibot'
import { meaningOf, presses, pressForm, pressOf, typedCode } from './reply.ts'

test('every press is known again by what was kept of it', () => {
  for (const press of presses) expect(pressOf(meaningOf(press, false).kind)).toBe(press)
  expect(pressOf(meaningOf('yes', true).kind)).toBe('yes')
  expect(pressOf('acknowledged')).toBeNull()
})

test('a code typed from paper is understood', () => {
  for (const typed of ['K7QD-4MTX', 'k7qd4mtx', ' k7qd 4mtx '])
    expect(v.parse(typedCode, typed)).toBe('K7QD-4MTX')
})

test('a day alone promises nothing, and says so at its place', () => {
  const read = v.safeParse(pressForm, { code: 'K7QD-4MTX', press: 'yes', due: '2027-11-01' })
  expect(read.issues?.map((one) => [one.path?.[0]?.key, one.message])).toEqual([
    ['promise', 'letters.promise.needed'],
  ])
})
