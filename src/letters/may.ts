import { organises, reviews, type Viewer } from '#kernel/viewer.ts'

/** Whether somebody may bring a directory in, take it back, change doors and write down pauses: organisers. */
export const mayKeepDirectory = (viewer: Viewer): boolean => organises(viewer)

/** Whether somebody may accept and decline what is said to be wrong, and say that an address works: organisers and reviewers. */
export const mayCorrectDirectory = (viewer: Viewer): boolean => reviews(viewer)

/** Whether somebody may say that something in the directory is wrong: everybody. */
export const mayProposeCorrection = (_viewer: Viewer): boolean => true

/** Answers whether the viewer looks after letters at the desk: what came back, what nobody knows, what was promised, and who asked not to be written to. */
export const mayLookAfterLetters = (viewer: Viewer): boolean => reviews(viewer)
