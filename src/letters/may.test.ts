import { expect, test } from 'vitest'
import { mayCorrectDirectory, mayKeepDirectory, mayProposeCorrection } from '#letters/may.ts'
import { anybody } from '#kernel/viewer.ts'
import { somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, false, true]],
  ['somebody signed in', somebody(), [false, false, true]],
  ['a group lead', somebody('group-lead'), [false, false, true]],
  ['an organisation lead', somebody('organisation-lead'), [false, false, true]],
  ['a reviewer', somebody('reviewer'), [false, true, true]],
  ['an organiser', somebody('organiser'), [true, true, true]],
])('%s may keep the directory, decide about corrections, propose one', (_who, viewer, answers) => {
  expect([mayKeepDirectory(viewer), mayCorrectDirectory(viewer), mayProposeCorrection(viewer)]).toEqual(
    answers,
  )
})
