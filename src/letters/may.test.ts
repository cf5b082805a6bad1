import { expect, test } from 'vitest'
import { anybody, theSite } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import { groupLead, organisationLead, somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, false],
  ['somebody signed in', somebody(), false],
  ['a group lead', somebody(groupLead('g')), false],
  ['an organisation’s lead', somebody(organisationLead('o')), false],
  ['a reviewer', somebody('reviewer'), true],
  ['an organiser', somebody('organiser'), true],
  ['the site', theSite, true],
])('%s may look after letters: %#', (_who, viewer, may) => {
  expect(mayLookAfterLetters(viewer)).toBe(may)
})
