import { expect, test } from 'vitest'
import { mayRestoreReply, mayReviewReplies, mayShowReply } from '#comments/may.ts'
import { anybody, theSite, type RoleCode, type Viewer } from '#kernel/viewer.ts'
import { somebody } from '../../test/viewers.ts'

const who = (name: string, ...roles: RoleCode[]): Viewer => ({
  ...somebody(...roles),
  account: name,
  email: `${name}@people.test`,
})
const written = { decidedBy: 'hider', account: 'writer', email: null }

test.each([
  ['somebody without an account', anybody, [false, false, false]],
  ['an account without a role', who('one'), [false, false, false]],
  ['a group lead', who('one', 'group-lead'), [false, false, false]],
  ['an organisation’s lead', who('one', 'organisation-lead'), [false, false, false]],
  ['the site, which hides when somebody asks', theSite, [true, false, false]],
  ['a reviewer', who('one', 'reviewer'), [true, true, true]],
  ['an organiser', who('one', 'organiser'), [true, true, true]],
  ['the reviewer who hid it', who('hider', 'reviewer'), [true, true, false]],
  ['the reviewer who wrote it', who('writer', 'reviewer'), [true, false, false]],
])('what %s may do: review, show, show again', (_, viewer, may) => {
  expect([mayReviewReplies(viewer), mayShowReply(viewer, written), mayRestoreReply(viewer, written)]).toEqual(
    may,
  )
})

test('whoever wrote it as a guest is known by the address they left', () => {
  const guest = { decidedBy: null, account: null, email: 'one@people.test' }
  expect(mayShowReply(who('one', 'reviewer'), guest)).toBe(false)
  expect(mayRestoreReply(who('one', 'reviewer'), guest)).toBe(false)
  expect(mayRestoreReply(who('other', 'reviewer'), guest)).toBe(true)
})
