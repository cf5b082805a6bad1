import { expect, test } from 'vitest'
import {
  mayCorrectDirectory,
  mayKeepDirectory,
  mayLookAfterLetters,
  mayProposeCorrection,
} from '#letters/may.ts'
import { anybody } from '#kernel/viewer.ts'
import { somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, false, true, false]],
  ['somebody signed in', somebody(), [false, false, true, false]],
  ['a group lead', somebody('group-lead'), [false, false, true, false]],
  ['an organisation lead', somebody('organisation-lead'), [false, false, true, false]],
  ['a reviewer', somebody('reviewer'), [false, true, true, true]],
  ['an organiser', somebody('organiser'), [true, true, true, true]],
])(
  '%s may keep the directory, decide about corrections, propose one, look after letters',
  (_who, viewer, answers) => {
    expect([
      mayKeepDirectory(viewer),
      mayCorrectDirectory(viewer),
      mayProposeCorrection(viewer),
      mayLookAfterLetters(viewer),
    ]).toEqual(answers)
  },
)
