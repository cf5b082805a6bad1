import { reviews, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer looks after letters at the desk: what came back, what nobody knows, what was promised, and who asked not to be written to. */
export const mayLookAfterLetters = (viewer: Viewer): boolean => reviews(viewer)
