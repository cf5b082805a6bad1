import { organises, type Viewer } from '#kernel/viewer.ts'

/** Answers whether the viewer may see and change this account: it is their own. */
export const mayOwn = (viewer: Viewer, account: string): boolean => viewer.account === account

/** Answers whether the viewer may see who has which role: organisers. */
export const maySeeRoles = (viewer: Viewer): boolean => organises(viewer)

/** Answers whether the viewer may give roles and take them away: organisers. */
export const mayGiveRoles = (viewer: Viewer): boolean => organises(viewer)

/** Answers whether the viewer may see who is on duty: everybody who helps to look after something. */
export const maySeeRoster = (viewer: Viewer): boolean => viewer.roles.length > 0

/** Answers whether the viewer may plan who is on duty: organisers. */
export const mayPlanDuty = (viewer: Viewer): boolean => organises(viewer)
