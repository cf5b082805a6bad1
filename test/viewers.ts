import type { Role, RoleCode, Viewer } from '#kernel/viewer.ts'

export const groupLead = (group: string): Role => ({ role: 'group-lead', group, organisation: null })
export const organisationLead = (organisation: string): Role => ({
  role: 'organisation-lead',
  group: null,
  organisation,
})

const ours = (role: RoleCode): Role => {
  if (role === 'group-lead') return groupLead('g')
  if (role === 'organisation-lead') return organisationLead('o')
  return { role, group: null, organisation: null }
}

/** Somebody signed in, whose account is "me". A role named by its code alone is over the group "g" or the organisation "o". */
export const somebody = (...roles: (RoleCode | Role)[]): Viewer => ({
  account: 'me',
  email: 'me@people.test',
  name: 'Me',
  roles: roles.map((role) => (typeof role === 'string' ? ours(role) : role)),
})
