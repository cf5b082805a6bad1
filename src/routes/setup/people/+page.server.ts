import { calledName, enoughReviewers, giveInput } from '#accounts/account.ts'
import { dutyRoster, listRoles, reviewersOf } from '#accounts/server/reads/people.ts'
import { giveRole } from '#accounts/server/writes/roles.ts'
import { act } from '../../act.ts'
import { onlyOrganisers, stepAddress } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  onlyOrganisers(locals, 'people')
  const { db, viewer, now } = locals
  const [roles, reviewers, roster] = await Promise.all([
    listRoles(db, viewer),
    reviewersOf(db),
    dutyRoster(db, viewer, now),
  ])
  return {
    people: roles.map((role) => ({ id: role.id, name: calledName(role), role: role.role })),
    few: reviewers.length < enoughReviewers ? reviewers.length : null,
    backup: roster.some((day) => day.backup.length > 0),
  }
}

export const actions: Actions = { default: act(giveInput, giveRole, () => stepAddress('people')) }
