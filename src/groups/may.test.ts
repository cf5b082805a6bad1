import { expect, test } from 'vitest'
import { mayChangeGroup, mayHideGroup, mayMakeGroup, mayReadGroup } from '#groups/may.ts'
import { anybody } from '#kernel/viewer.ts'
import { groupLead, somebody } from '../../test/viewers.ts'

const ours = { id: 'g1', hidden: false }
const hidden = { id: 'g1', hidden: true }

test.each([
  ['the anonymous visitor', anybody, [false, false, false, true, false]],
  ['somebody signed in', somebody(), [false, false, false, true, false]],
  ['a reviewer', somebody('reviewer'), [false, false, false, true, false]],
  ['the lead of another group', somebody(groupLead('g2')), [false, false, false, true, false]],
  ['the lead of this group', somebody(groupLead('g1')), [false, true, false, true, true]],
  ['an organiser', somebody('organiser'), [true, true, true, true, true]],
])('%s may make, change, hide, read and read while hidden', (_who, viewer, answers) => {
  expect([
    mayMakeGroup(viewer),
    mayChangeGroup(viewer, ours),
    mayHideGroup(viewer),
    mayReadGroup(viewer, ours),
    mayReadGroup(viewer, hidden),
  ]).toEqual(answers)
})
