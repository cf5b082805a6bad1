import type { Hand } from '#consent/events.ts'
import { organises, reviews, type Viewer } from '#kernel/viewer.ts'

/** How somebody stands to the organisation that answers for a placement. */
export type InOrganisation = { leads: boolean; vetted: boolean; member: boolean; family: boolean }
export const outside: InOrganisation = { leads: false, vetted: false, member: false, family: false }

const checks = (viewer: Viewer, standing: InOrganisation): boolean =>
  viewer.account !== null &&
  // In a family everybody is close; the second look is somebody else's.
  (reviews(viewer) || (!standing.family && (standing.leads || standing.vetted)))

/** Answers whether the viewer may say "yes, that is who is in it": somebody who reviews here or there, and who neither posted it nor said it. */
export const mayCheck = (
  viewer: Viewer,
  standing: InOrganisation,
  of: { posters: readonly Hand[]; said: Hand; hands: readonly Hand[] },
): boolean =>
  checks(viewer, standing) && !of.hands.some((hand) => of.posters.includes(hand) || hand === of.said)

/** Answers whether a yes may come by the viewer's hand: nobody says yes on a person's page to what they posted, said who is in, or check (rule 18). */
export const mayAnswerYes = (
  viewer: Viewer,
  of: { makers: readonly Hand[]; hands: readonly Hand[] },
): boolean => !reviews(viewer) && !of.hands.some((hand) => of.makers.includes(hand))

/** Answers whether the viewer may bring back what was hidden: somebody who reviews, and who neither posted nor hid it; never against the person's own no. */
export const mayRestore = (
  viewer: Viewer,
  standing: InOrganisation,
  of: { posters: readonly Hand[]; hiddenBy: readonly Hand[]; own: boolean; hands: readonly Hand[] },
): boolean =>
  checks(viewer, standing) &&
  !of.own &&
  !of.hands.some((hand) => of.posters.includes(hand) || of.hiddenBy.includes(hand))

/** Answers whether the viewer may write records of capacity, authority and best interests: an organisation's lead and vetted practitioners. */
export const mayRecord = (viewer: Viewer, standing: InOrganisation): boolean =>
  viewer.account !== null && (standing.leads || standing.vetted)

/** Answers whether the viewer may mark that somebody must not be found or shown, or has died: whoever records, and whoever reviews. */
export const mayMark = (viewer: Viewer, standing: InOrganisation): boolean =>
  viewer.account !== null && (mayRecord(viewer, standing) || reviews(viewer))

/** Answers whether the viewer may say whom of the family of somebody who has died to ask: an organisation's lead, and whoever reviews. */
export const mayNameSteward = (viewer: Viewer, standing: InOrganisation): boolean =>
  viewer.account !== null && (standing.leads || reviews(viewer))

/** Answers whether the viewer may read what lies in the evidence store: whoever records for that organisation, and nobody else. */
export const mayReadEvidence = (viewer: Viewer, standing: InOrganisation): boolean =>
  mayRecord(viewer, standing)

/** Answers whether the viewer sees what an organisation's people are shown in: its lead. */
export const mayLeadPermission = (viewer: Viewer, standing: InOrganisation): boolean =>
  viewer.account !== null && standing.leads

/** Answers whether the viewer sees what waits to be checked everywhere: whoever reviews. */
export const mayReviewPermission = (viewer: Viewer): boolean => viewer.account !== null && reviews(viewer)

/** Answers whether the viewer may put something under a safeguarding hold: whoever reviews, and the site itself when somebody is worried. */
export const mayHold = (viewer: Viewer): boolean => reviews(viewer)

/** Answers whether the viewer may say which two open what is held: organisers, those two themselves, and whoever reviews while there are no two. */
export const mayNameOpeners = (viewer: Viewer, openers: readonly Hand[]): boolean =>
  viewer.account !== null &&
  (organises(viewer) || openers.includes(viewer.account) || (openers.length < 2 && reviews(viewer)))

/** Answers whether the viewer may open what is held: only the two who are named. */
export const mayOpenHold = (viewer: Viewer, openers: readonly Hand[]): boolean =>
  viewer.account !== null && openers.includes(viewer.account)

/** Answers whether the viewer may show again what was closed because the ledger was missing or broken: organisers. */
export const mayOpenAfterReview = (viewer: Viewer): boolean => viewer.account !== null && organises(viewer)

/** Answers whether the viewer may have the ledger looked for again: nothing opens by it that is not whole, so that a command may as well. */
export const mayLookAgain = (viewer: Viewer): boolean => organises(viewer)
