import { organises, reviews, type Viewer } from '#kernel/viewer.ts'

/** Whether somebody may come to the desk at all: everybody with a role. */
export const mayEnterDesk = (viewer: Viewer): boolean => viewer.roles.length > 0

/** Whether somebody may read and answer concerns: organisers and reviewers. */
export const mayAnswerConcerns = (viewer: Viewer): boolean => reviews(viewer)

/** Whether somebody may read the audit log, the mails and what ran by itself. */
export const mayReadRecords = (viewer: Viewer): boolean => organises(viewer)
