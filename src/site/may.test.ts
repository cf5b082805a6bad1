import { expect, test } from 'vitest'
import { anybody, theSite } from '#kernel/viewer.ts'
import { mayChangeSite, maySetUp } from '#site/may.ts'
import { somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, false]],
  ['somebody signed in', somebody(), [false, false]],
  ['a group lead', somebody('group-lead'), [false, false]],
  ["an organisation's lead", somebody('organisation-lead'), [false, false]],
  ['a reviewer', somebody('reviewer'), [false, false]],
  ['an organiser', somebody('organiser'), [true, true]],
  ['an organiser who also leads', somebody('group-lead', 'organiser'), [true, true]],
  ['the site', theSite, [true, true]],
])('%s may change settings, texts and redirects, and walk through the set-up', (_who, viewer, answers) => {
  expect([mayChangeSite(viewer), maySetUp(viewer)]).toEqual(answers)
})
