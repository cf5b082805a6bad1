import { isMaker, leadsGroup, organises, reviews, type Makers, type Viewer } from '#kernel/viewer.ts'

/** Whether somebody may decide about an activity: reviewers, and leads about what belongs to their group. */
export const mayReviewActivity = (viewer: Viewer, activity: { group: string | null }): boolean =>
  reviews(viewer) || (activity.group !== null && leadsGroup(viewer, activity.group))

/** Whether somebody may see a queue of activities at all. */
export const mayReviewSome = (viewer: Viewer): boolean =>
  reviews(viewer) || viewer.roles.some((role) => role.role === 'group-lead')

/** Whether somebody may let a host's activities be listed at once from now on. */
export const mayTrustHost = (viewer: Viewer): boolean => reviews(viewer)

/** Whether somebody may bring back what was taken down: reviewers, but never whoever took it down (null among them is the site) nor whoever hosts it or put it here, by account or by link. */
export const mayRestoreActivity = (
  viewer: Viewer,
  of: { takenDownBy: readonly (string | null)[]; makers: Makers },
): boolean =>
  reviews(viewer) &&
  viewer.account !== null &&
  !of.takenDownBy.includes(viewer.account) &&
  !isMaker(viewer, of.makers)

/** Whether somebody may bring in many activities at once: whoever is signed in answers for them with a proven address. */
export const mayImport = (viewer: Viewer): boolean => viewer.account !== null && viewer.email !== null

/** Whether somebody may see the imports of everybody. */
export const maySeeImports = (viewer: Viewer): boolean => reviews(viewer)

/** Whether somebody may see one import and what stands in it. */
export const maySeeImport = (viewer: Viewer, account: string | null): boolean =>
  reviews(viewer) || (account !== null && viewer.account === account)

/** Whether somebody may take an import back: whoever brought it in, or an organiser. */
export const mayUndoImport = (viewer: Viewer, account: string | null): boolean =>
  organises(viewer) || (account !== null && viewer.account === account)
