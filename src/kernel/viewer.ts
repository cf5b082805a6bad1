export const roleCodes = ['organiser', 'reviewer', 'group-lead', 'organisation-lead'] as const
export type RoleCode = (typeof roleCodes)[number]

/** What somebody looks after: everything, or one group, or one organisation. */
export type Role = { role: RoleCode; group: string | null; organisation: string | null }

/** Whoever asks: a signed-in account with its roles, or nobody in particular. Links that were mailed are part of the input, never of the viewer. */
export type Viewer = {
  account: string | null
  email: string | null
  name: string | null
  roles: readonly Role[]
}

/** Somebody without an account. */
export const anybody: Viewer = { account: null, email: null, name: null, roles: [] }

/** The worker and the commands: may do what the product itself decided, and is named in the log as the site. */
export const theSite: Viewer = {
  account: null,
  email: null,
  name: 'site',
  roles: [{ role: 'organiser', group: null, organisation: null }],
}

/** Answers whether the viewer looks after the whole site. */
export const organises = (viewer: Viewer): boolean => viewer.roles.some((r) => r.role === 'organiser')

/** Answers whether the viewer decides about things that wait: organisers and reviewers. */
export const reviews = (viewer: Viewer): boolean =>
  viewer.roles.some((r) => r.role === 'organiser' || r.role === 'reviewer')

/** Answers whether the viewer leads this group (organisers lead all). */
export const leadsGroup = (viewer: Viewer, group: string | null): boolean =>
  organises(viewer) ||
  (group !== null && viewer.roles.some((r) => r.role === 'group-lead' && r.group === group))

/** Answers whether the viewer leads this organisation. Organisers do not: whom an organisation supports is not theirs to see. */
export const leadsOrganisation = (viewer: Viewer, organisation: string | null): boolean =>
  organisation !== null &&
  viewer.roles.some((r) => r.role === 'organisation-lead' && r.organisation === organisation)

/** Whoever made something: by account, and by the addresses to which its links were mailed. */
export type Makers = { accounts: readonly (string | null)[]; emails: readonly (string | null)[] }

/** Answers whether the viewer is one of those who made something, whichever way they made it. */
export const isMaker = ({ account, email }: Viewer, { accounts, emails }: Makers): boolean =>
  (account !== null && accounts.includes(account)) || (email !== null && emails.includes(email.toLowerCase()))
