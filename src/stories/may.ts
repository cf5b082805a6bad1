import { isMaker, reviews, type Makers, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer reads what waits and decides about it. */
export const mayReviewStories = (viewer: Viewer): boolean => reviews(viewer)

/** Answers whether the viewer may hide a story from everybody: whoever reviews, and the site when somebody asked to be taken down. */
export const mayHideStory = (viewer: Viewer): boolean => reviews(viewer)

/** Everybody who hid a story, and who tells it; null among those who hid it is the site, after a press on "take it down". */
export type Hiding = { hiddenBy: readonly (string | null)[]; tellers: Makers }

/** Answers whether the viewer may show a hidden story again: somebody signed in who reviews, and who neither hid it nor tells it. */
export const mayRestoreStory = (viewer: Viewer, hiding: Hiding): boolean =>
  reviews(viewer) &&
  viewer.account !== null &&
  !hiding.hiddenBy.includes(viewer.account) &&
  !isMaker(viewer, hiding.tellers)
