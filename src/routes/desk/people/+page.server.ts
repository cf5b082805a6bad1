import { calledName, enoughReviewers, giveInput, takeInput } from '#accounts/account.ts'
import { listRoles, reviewersOf } from '#accounts/server/reads/people.ts'
import { giveRole, takeRole } from '#accounts/server/writes/roles.ts'
import { groupsLedBy } from '#groups/server/reads.ts'
import { listOrganisations } from '#organisations/server/reads/organisations.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const roles = await listRoles(locals.db, locals.viewer)
  const [reviewers, groups, organisations] = await Promise.all([
    reviewersOf(locals.db),
    groupsLedBy(locals.db, locals.viewer),
    listOrganisations(locals.db, locals.viewer),
  ])
  const names = new Map([...groups, ...organisations].map((one) => [one.id, one.name]))
  return {
    roles: roles.map((role) => ({
      id: role.id,
      role: role.role,
      name: calledName(role),
      email: role.email,
      of: names.get(role.group ?? role.organisation ?? '') ?? null,
    })),
    groups: groups.map((group) => ({ value: group.id, label: group.name })),
    organisations: organisations
      .filter((one) => one.state === 'agreed' && one.type !== 'family')
      .map((one) => ({ value: one.id, label: one.name })),
    few: reviewers.length < enoughReviewers ? reviewers.length : null,
    done: url.searchParams.get('done'),
  }
}

export const actions: Actions = {
  give: act(giveInput, giveRole, () => '/desk/people?done=given'),
  take: act(takeInput, takeRole, () => '/desk/people?done=taken'),
}
