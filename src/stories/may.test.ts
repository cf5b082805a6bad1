import { describe, expect, test } from 'vitest'
import { anybody, theSite, type RoleCode, type Viewer } from '#kernel/viewer.ts'
import { mayHideStory, mayRestoreStory, mayReviewStories } from '#stories/may.ts'

const somebody = (account: string, role: RoleCode | null): Viewer => ({
  account,
  email: `${account}@example.org`,
  name: account,
  roles: role === null ? [] : [{ role, group: null, organisation: null }],
})
const hiddenByOther = {
  hiddenBy: ['other'],
  tellers: { accounts: [null], emails: ['teller@example.org'] },
}

describe('who may do what with a story', () => {
  const rows: [name: string, viewer: Viewer, review: boolean, hide: boolean, restore: boolean][] = [
    ['anybody', anybody, false, false, false],
    ['somebody signed in without a role', somebody('a', null), false, false, false],
    ['a group lead', somebody('b', 'group-lead'), false, false, false],
    ["an organisation's lead", somebody('c', 'organisation-lead'), false, false, false],
    ['a reviewer', somebody('d', 'reviewer'), true, true, true],
    ['an organiser', somebody('e', 'organiser'), true, true, true],
    ['the site', theSite, true, true, false],
  ]
  test.each(rows)('%s', (_name, viewer, review, hide, restore) => {
    expect(mayReviewStories(viewer)).toBe(review)
    expect(mayHideStory(viewer)).toBe(hide)
    expect(mayRestoreStory(viewer, hiddenByOther)).toBe(restore)
  })

  test('whoever hid a story does not show it again', () => {
    const organiser = somebody('e', 'organiser')
    expect(mayRestoreStory(organiser, { ...hiddenByOther, hiddenBy: [null, 'e'] })).toBe(false)
  })

  test('whoever tells a story does not show it again, by account or by address', () => {
    const organiser = somebody('e', 'organiser')
    expect(mayRestoreStory(organiser, { ...hiddenByOther, tellers: { accounts: ['e'], emails: [] } })).toBe(
      false,
    )
    expect(
      mayRestoreStory(organiser, { ...hiddenByOther, tellers: { accounts: [], emails: ['e@example.org'] } }),
    ).toBe(false)
  })

  test('what somebody asked to be taken down may be shown again by a person who reviews', () => {
    expect(mayRestoreStory(somebody('d', 'reviewer'), { ...hiddenByOther, hiddenBy: [null] })).toBe(true)
  })
})
