import { expect, test } from 'vitest'
import { mayRestoreActivity, mayReviewActivity, mayReviewSome, mayTrustHost } from '#activities/may.ts'
import { anybody } from '#kernel/viewer.ts'
import { groupLead, somebody } from '../../test/viewers.ts'

test.each([
  ['the anonymous visitor', anybody, [false, false, false, false, false, false, false, false]],
  ['somebody signed in', somebody(), [false, false, false, false, false, false, false, false]],
  [
    'the lead of another group',
    somebody(groupLead('g2')),
    [false, false, true, false, false, false, false, false],
  ],
  [
    'the lead of its group',
    somebody(groupLead('g1')),
    [true, false, true, false, false, false, false, false],
  ],
  ['a reviewer', somebody('reviewer'), [true, true, true, true, true, false, false, false]],
  ['an organiser', somebody('organiser'), [true, true, true, true, true, false, false, false]],
])(
  '%s may review one of the group, one of no group, any; trust; restore what others what they took down, what they host, and what they put here',
  (_who, viewer, answers) => {
    expect([
      mayReviewActivity(viewer, { group: 'g1' }),
      mayReviewActivity(viewer, { group: null }),
      mayReviewSome(viewer),
      mayTrustHost(viewer),
      mayRestoreActivity(viewer, {
        takenDownBy: [null, 'somebody-else'],
        makers: { accounts: [null, 'b'], emails: ['b@example.org'] },
      }),
      mayRestoreActivity(viewer, { takenDownBy: [null, 'me'], makers: { accounts: [], emails: [] } }),
      mayRestoreActivity(viewer, {
        takenDownBy: [null],
        makers: { accounts: [], emails: ['me@people.test'] },
      }),
      mayRestoreActivity(viewer, { takenDownBy: [null], makers: { accounts: ['me'], emails: [] } }),
    ]).toEqual(answers)
  },
)
