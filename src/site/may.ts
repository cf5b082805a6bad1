import { organises, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer may change settings, texts and redirects: organisers. */
export const mayChangeSite = (viewer: Viewer): boolean => organises(viewer)

/** Answers whether the viewer may walk through the set-up and remove the example week: organisers. */
export const maySetUp = (viewer: Viewer): boolean => organises(viewer)
