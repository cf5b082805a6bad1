import { expect, test } from 'vitest'
import { mayAnswerConcerns, mayEnterDesk, mayReadRecords } from '#desk/may.ts'
import { anybody } from '#kernel/viewer.ts'
import { somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, false, false]],
  ['somebody signed in', somebody(), [false, false, false]],
  ['a group lead', somebody('group-lead'), [true, false, false]],
  ['a reviewer', somebody('reviewer'), [true, true, false]],
  ['an organiser', somebody('organiser'), [true, true, true]],
])('%s may enter the desk, answer concerns, read the records', (_who, viewer, answers) => {
  expect([mayEnterDesk(viewer), mayAnswerConcerns(viewer), mayReadRecords(viewer)]).toEqual(answers)
})
