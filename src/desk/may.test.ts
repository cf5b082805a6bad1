import { expect, test } from 'vitest'
import { mayAnswerConcerns, mayEnterDesk, mayReadRecords } from '#desk/may.ts'
import { anybody, type RoleCode, type Viewer } from '#kernel/viewer.ts'

const somebody = (...codes: RoleCode[]): Viewer => ({
  account: 'a',
  email: 'a@example.org',
  name: 'A',
  roles: codes.map((role) => ({ role, group: role === 'group-lead' ? 'g' : null, organisation: null })),
})

test.each([
  ['the anonymous visitor', anybody, [false, false, false]],
  ['somebody signed in', somebody(), [false, false, false]],
  ['a group lead', somebody('group-lead'), [true, false, false]],
  ['a reviewer', somebody('reviewer'), [true, true, false]],
  ['an organiser', somebody('organiser'), [true, true, true]],
])('%s may enter the desk, answer concerns, read the records', (_who, viewer, answers) => {
  expect([mayEnterDesk(viewer), mayAnswerConcerns(viewer), mayReadRecords(viewer)]).toEqual(answers)
})
