import { expect, test } from 'vitest'
import { mayRestoreActivity, mayReviewActivity, mayReviewSome, mayTrustHost } from '#activities/may.ts'
import { anybody, type Role, type Viewer } from '#kernel/viewer.ts'

const somebody = (...roles: Role[]): Viewer => ({ account: 'me', email: 'a@example.org', name: 'A', roles })
const role = (code: Role['role'], group: string | null = null): Role => ({
  role: code,
  group,
  organisation: null,
})

test.each([
  ['the anonymous visitor', anybody, [false, false, false, false, false, false, false, false]],
  ['somebody signed in', somebody(), [false, false, false, false, false, false, false, false]],
  [
    'the lead of another group',
    somebody(role('group-lead', 'g2')),
    [false, false, true, false, false, false, false, false],
  ],
  [
    'the lead of its group',
    somebody(role('group-lead', 'g1')),
    [true, false, true, false, false, false, false, false],
  ],
  ['a reviewer', somebody(role('reviewer')), [true, true, true, true, true, false, false, false]],
  ['an organiser', somebody(role('organiser')), [true, true, true, true, true, false, false, false]],
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
        makers: { accounts: [], emails: ['a@example.org'] },
      }),
      mayRestoreActivity(viewer, { takenDownBy: [null], makers: { accounts: ['me'], emails: [] } }),
    ]).toEqual(answers)
  },
)
