import { organises, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer may make, change, announce and close weeks, and see drafts: organisers. */
export const mayChangeWeeks = (viewer: Viewer): boolean => organises(viewer)

/** Answers whether the viewer may read announced and closed weeks and ask to be told of the next: everybody. */
export const mayReadWeeks = (_viewer: Viewer): boolean => true
