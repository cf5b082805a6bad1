import type { Nation } from '#kernel/permission-words.ts'

export const organisationTypes = ['school', 'service', 'charity', 'family', 'other'] as const
export type OrganisationType = (typeof organisationTypes)[number]

/** Until an organiser has agreed, an organisation allows no more than somebody without one. */
export const organisationStates = ['waiting', 'agreed', 'declined'] as const
export type OrganisationState = (typeof organisationStates)[number]

export type Organisation = {
  id: string
  slug: string
  name: string
  type: OrganisationType
  country: string
  nation: Nation | null
  town: string
  safeguardingLead: string
  state: OrganisationState
  /** Why an organiser said no. */
  reason: string
  foundedBy: string | null
  hidden: boolean
  example: boolean
  created: Date
  revision: number
}

/** What counts when somebody asks what they may do with an organisation. */
export type Standing = Pick<Organisation, 'id' | 'type' | 'state' | 'foundedBy' | 'hidden'> & {
  /** How the viewer belongs to it: says so and waits, belongs, or belongs with a post that somebody has checked. */
  member: 'asked' | 'joined' | 'vetted' | null
}

/** Somebody who belongs to an organisation, or says so and waits. */
export type Member = {
  account: string
  name: string
  email: string
  lead: boolean
  vetted: boolean
  asked: Date
  joined: Date | null
}

/** An organisation as one of those that somebody belongs to. */
export type OwnOrganisation = Pick<
  Organisation,
  'id' | 'slug' | 'name' | 'type' | 'state' | 'hidden' | 'example'
> & { leads: boolean; member: Standing['member'] }

/** Answers whether what an organisation allows counts: an organiser agreed (a family needs nobody's yes) and nobody took it away. */
export const counts = (organisation: Pick<Organisation, 'state' | 'hidden'>): boolean =>
  organisation.state === 'agreed' && !organisation.hidden
