import { leadsOrganisation, organises, type Viewer } from '#kernel/viewer.ts'
import { counts, type Standing } from '#organisations/organisation.ts'

/** Whether somebody may found an organisation: everybody signed in. */
export const mayFound = (viewer: Viewer): boolean => viewer.account !== null

/** Whether somebody may agree to an organisation, decline it, take it away or bring it back. */
export const mayDecideOrganisations = (viewer: Viewer): boolean => organises(viewer)

const founded = (viewer: Viewer, of: Standing): boolean =>
  viewer.account !== null && of.foundedBy === viewer.account

/** Whether somebody leads it. Who founded it does so while it waits for an organiser's yes, and for good when it is a family. */
export const mayLead = (viewer: Viewer, of: Standing): boolean =>
  leadsOrganisation(viewer, of.id) ||
  (founded(viewer, of) && (of.state === 'waiting' || of.type === 'family'))

/** Whether somebody may see that it is there, and what it allows: who belongs to it, organisers, and after a no who founded it. */
export const mayReadOrganisation = (viewer: Viewer, of: Standing): boolean =>
  organises(viewer) || mayReadPeople(viewer, of) || (founded(viewer, of) && of.state === 'declined')

/** Whether somebody may change its name, town and safeguarding lead. */
export const mayChangeOrganisation = (viewer: Viewer, of: Standing): boolean =>
  organises(viewer) || mayLead(viewer, of)

/** Whether somebody may say what it allows. How far is a second question: `ceilingOf` in policy.ts. */
export const mayChangePolicy = (viewer: Viewer, of: Standing): boolean =>
  organises(viewer) || mayLead(viewer, of)

/** Whether somebody may see the people it supports, their forms, and who belongs to it. Organisers may not. */
export const mayReadPeople = (viewer: Viewer, of: Standing): boolean =>
  mayLead(viewer, of) ||
  (viewer.account !== null && (of.member === 'joined' || of.member === 'vetted') && !of.hidden)

/** Whether somebody may enter the people it supports, and what their forms on paper say. In a family everybody who belongs to it may. */
export const mayKeepPeople = (viewer: Viewer, of: Standing): boolean =>
  mayLead(viewer, of) ||
  (mayReadPeople(viewer, of) && (of.member === 'vetted' || (of.type === 'family' && of.member === 'joined')))

/** Whether somebody may ask people to join, say yes to those who ask, and let them go. */
export const mayKeepMembers = (viewer: Viewer, of: Standing): boolean => mayLead(viewer, of)

/** Whether somebody may say that a member's post has been checked, or make a member a lead: whoever leads it, once an organiser has agreed; nobody does in a family. */
export const mayVet = (viewer: Viewer, of: Standing): boolean =>
  leadsOrganisation(viewer, of.id) && counts(of) && of.type !== 'family'
