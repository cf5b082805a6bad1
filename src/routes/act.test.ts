import * as v from 'valibot'
import { expect, test } from 'vitest'
import { sayInput } from '#activities/form.ts'
import { textIn } from '#kernel/messages.ts'
import { inOrder, sayIssues } from './act.ts'

test('mistakes stand in the order of the form', () => {
  const read = v.safeParse(sayInput, { where: 'place', place: '', email: '', kind: '' })
  const errors = inOrder(sayIssues(read.issues ?? [], textIn('en')), sayInput)
  expect(Object.keys(errors)).toEqual(['kind', 'place', 'email'])
})
