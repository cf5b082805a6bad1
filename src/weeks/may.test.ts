import { expect, test } from 'vitest'
import { anybody, theSite } from '#kernel/viewer.ts'
import { mayChangeWeeks, mayReadWeeks } from '#weeks/may.ts'
import { somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, true]],
  ['somebody signed in', somebody(), [false, true]],
  ['a group lead', somebody('group-lead'), [false, true]],
  ["an organisation's lead", somebody('organisation-lead'), [false, true]],
  ['a reviewer', somebody('reviewer'), [false, true]],
  ['an organiser', somebody('organiser'), [true, true]],
  ['an organiser who also leads', somebody('group-lead', 'organiser'), [true, true]],
  ['the site', theSite, [true, true]],
])('%s may change weeks, read weeks', (_who, viewer, answers) => {
  expect([mayChangeWeeks(viewer), mayReadWeeks(viewer)]).toEqual(answers)
})
