import { organises, reviews, type Viewer } from '#kernel/viewer.ts'

/** Whose a picture is, and whether whoever asks holds a word that proves the surface it is on. */
export type Touched = { account: string | null; organisation: string | null; proven: boolean }

const leads = (viewer: Viewer, organisation: string | null): boolean =>
  organisation !== null &&
  viewer.roles.some((one) => one.role === 'organisation-lead' && one.organisation === organisation)

/** Whoever sent it, holds a word for what it is on, leads its organisation, reviews or organises may describe, order, cover and take away a picture. Nobody else. */
export const mayChange = (viewer: Viewer, picture: Touched): boolean =>
  picture.proven ||
  (viewer.account !== null && viewer.account === picture.account) ||
  leads(viewer, picture.organisation) ||
  reviews(viewer) ||
  organises(viewer)
