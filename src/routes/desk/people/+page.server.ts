import { calledName, enoughReviewers, giveInput, takeInput } from '#accounts/account.ts'
import { listRoles, reviewersOf } from '#accounts/server/reads/people.ts'
import { giveRole, takeRole } from '#accounts/server/writes/roles.ts'
import { groupsLedBy } from '#groups/server/reads.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const roles = await listRoles(locals.db, locals.viewer)
  const [reviewers, groups] = await Promise.all([
    reviewersOf(locals.db),
    groupsLedBy(locals.db, locals.viewer),
  ])
  const groupNames = new Map(groups.map((group) => [group.id, group.name]))
  return {
    roles: roles.map((role) => ({
      id: role.id,
      role: role.role,
      name: calledName(role),
      email: role.email,
      of: groupNames.get(role.group ?? '') ?? null,
    })),
    groups: groups.map((group) => ({ value: group.id, label: group.name })),
    few: reviewers.length < enoughReviewers ? reviewers.length : null,
    done: url.searchParams.get('done'),
  }
}

export const actions: Actions = {
  give: act(giveInput, giveRole, () => '/desk/people?done=given'),
  take: act(takeInput, takeRole, () => '/desk/people?done=taken'),
}
