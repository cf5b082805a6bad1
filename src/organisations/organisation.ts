import * as v from 'valibot'
import { countryCodes } from '#kernel/countries.ts'
import { formKey, line, maybeLine, maybeText, oneOf, ticked } from '#kernel/input.ts'
import { nations, type Nation } from '#kernel/permission-words.ts'

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
> & { leads: boolean; vetted: boolean }

/** What a change touched, so that permission can look again at what is shown: the whole organisation, or these people it supports. */
export type Touched = { organisation: string; slug: string; people: 'all' | readonly string[] }

/** Answers whether what an organisation allows counts: an organiser agreed (a family needs nobody's yes) and nobody took it away. */
export const counts = (organisation: Pick<Organisation, 'state' | 'hidden'>): boolean =>
  organisation.state === 'agreed' && !organisation.hidden

/** Whose law counts, or "elsewhere" with a country. */
export const places = [...nations, 'elsewhere'] as const

/** The form in which an organisation is founded or changed. Its sort and its place stay as they are once somebody has agreed to it. */
export const organisationForm = v.pipe(
  v.object({
    formKey,
    slug: v.optional(maybeLine(80), ''),
    revision: v.optional(maybeLine(9), ''),
    type: oneOf(organisationTypes),
    name: line(120),
    place: oneOf(places),
    country: v.pipe(
      maybeLine(2),
      v.transform((code) => code?.toUpperCase() ?? ''),
    ),
    town: maybeLine(80),
    safeguardingLead: maybeLine(120),
  }),
  v.forward(
    v.partialCheck(
      [['place'], ['country']],
      ({ place, country }) => place !== 'elsewhere' || countryCodes.includes(country),
      'input.choose',
    ),
    ['country'],
  ),
  v.forward(
    v.partialCheck(
      [['place'], ['country']],
      ({ place, country }) => place !== 'elsewhere' || (country !== 'GB' && country !== 'IE'),
      'organisations.form.nation-needed',
    ),
    ['place'],
  ),
  v.forward(
    v.partialCheck(
      [['type'], ['safeguardingLead']],
      ({ type, safeguardingLead }) => type === 'family' || safeguardingLead !== null,
      'organisations.form.safeguarding-needed',
    ),
    ['safeguardingLead'],
  ),
  v.transform(({ place, country, ...input }) => ({
    ...input,
    nation: place === 'elsewhere' ? null : place,
    country: place === 'elsewhere' ? country : place === 'ireland' ? 'IE' : 'GB',
  })),
)
export type OrganisationInput = v.InferOutput<typeof organisationForm>

const slug = v.pipe(v.optional(v.string(), ''), v.regex(/^[a-z0-9-]{1,80}$/, 'refusal.missing'))
const account = v.pipe(v.optional(v.string(), ''), v.regex(/^[0-9a-f-]{36}$/, 'input.choose'))

/** An organiser's answer to an organisation that waits; a no needs its reason. */
export const decisionForm = v.pipe(
  v.object({ slug, decision: oneOf(['agree', 'decline'] as const), reason: maybeText(1000) }),
  v.forward(
    v.partialCheck(
      [['decision'], ['reason']],
      ({ decision, reason }) => decision === 'agree' || reason !== null,
      'organisations.decide.reason-needed',
    ),
    ['reason'],
  ),
)
export type DecisionInput = v.InferOutput<typeof decisionForm>

export const hideForm = v.object({ slug, hidden: ticked })
export const ofOrganisation = v.object({ slug })
export const ofMember = v.object({ slug, account })
export const vetForm = v.object({ slug, account, vetted: ticked })
export const leadForm = v.object({ slug, account, lead: ticked })
export const joinForm = v.object({
  word: v.pipe(v.optional(v.string(), ''), v.maxLength(300, 'refusal.link')),
})
export const askForm = v.object({ organisation: line(120) })
