import { expect, test } from 'vitest'
import { mayChangeGroup, mayHideGroup, mayMakeGroup, mayReadGroup } from '#groups/may.ts'
import { anybody, type Role, type Viewer } from '#kernel/viewer.ts'

const somebody = (...roles: Role[]): Viewer => ({ account: 'a', email: 'a@example.org', name: 'A', roles })
const role = (code: Role['role'], group: string | null = null): Role => ({
  role: code,
  group,
  organisation: null,
})
const ours = { id: 'g1', hidden: false }
const hidden = { id: 'g1', hidden: true }

test.each([
  ['the anonymous visitor', anybody, [false, false, false, true, false]],
  ['somebody signed in', somebody(), [false, false, false, true, false]],
  ['a reviewer', somebody(role('reviewer')), [false, false, false, true, false]],
  ['the lead of another group', somebody(role('group-lead', 'g2')), [false, false, false, true, false]],
  ['the lead of this group', somebody(role('group-lead', 'g1')), [false, true, false, true, true]],
  ['an organiser', somebody(role('organiser')), [true, true, true, true, true]],
])('%s may make, change, hide, read and read while hidden', (_who, viewer, answers) => {
  expect([
    mayMakeGroup(viewer),
    mayChangeGroup(viewer, ours),
    mayHideGroup(viewer),
    mayReadGroup(viewer, ours),
    mayReadGroup(viewer, hidden),
  ]).toEqual(answers)
})
