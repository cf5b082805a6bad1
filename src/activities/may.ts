import { leadsGroup, reviews, type Viewer } from '#kernel/viewer.ts'

/** Whether somebody may decide about an activity: reviewers, and leads about what belongs to their group. */
export const mayReviewActivity = (viewer: Viewer, activity: { group: string | null }): boolean =>
  reviews(viewer) || (activity.group !== null && leadsGroup(viewer, activity.group))

/** Whether somebody may see a queue of activities at all. */
export const mayReviewSome = (viewer: Viewer): boolean =>
  reviews(viewer) || viewer.roles.some((role) => role.role === 'group-lead')

/** Whether somebody may let a host's activities be listed at once from now on. */
export const mayTrustHost = (viewer: Viewer): boolean => reviews(viewer)

/** Whether somebody may bring back what was taken down: reviewers, but never whoever took it down. */
export const mayRestoreActivity = (viewer: Viewer, takenDownBy: string | null): boolean =>
  reviews(viewer) && viewer.account !== null && viewer.account !== takenDownBy
