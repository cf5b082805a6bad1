import { reviews, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer reads replies that wait, and decides about them. */
export const mayReviewReplies = (viewer: Viewer): boolean => reviews(viewer)

/** Who last moved a reply (null is the site, after a press on "take it down"), and who wrote it. */
export type Moved = { decidedBy: string | null; account: string | null; email: string | null }

/** Answers whether the viewer may show a hidden reply again: somebody signed in who reviews, and who neither hid nor wrote it. */
export const mayRestoreReply = (viewer: Viewer, moved: Moved): boolean =>
  reviews(viewer) &&
  viewer.account !== null &&
  viewer.account !== moved.decidedBy &&
  viewer.account !== moved.account &&
  (moved.email === null || viewer.email !== moved.email)

/** Answers whether the viewer may let a reply be seen: somebody who reviews, and did not write it. */
export const mayShowReply = (viewer: Viewer, reply: Pick<Moved, 'account' | 'email'>): boolean =>
  reviews(viewer) &&
  viewer.account !== null &&
  viewer.account !== reply.account &&
  (reply.email === null || viewer.email !== reply.email)
