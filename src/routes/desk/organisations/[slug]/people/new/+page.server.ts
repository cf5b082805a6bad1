import { changePolicy } from '#consent/server/writes/policy.ts'
import { missing } from '#kernel/refusal.ts'
import { monthChoices } from '#kernel/times.ts'
import { peopleForm, rowsAtOnce } from '#organisations/people-form.ts'
import { savePeople } from '#organisations/server/writes/people.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { may } = await parent()
  if (!may.keepPeople) throw missing()
  return {
    formKey: crypto.randomUUID(),
    months: monthChoices(locals.language),
    rows: Array.from({ length: rowsAtOnce }, (_, at) => at + 1),
  }
}

export const actions: Actions = {
  default: act(
    peopleForm,
    changePolicy(savePeople),
    ({ slug }) => `/desk/organisations/${slug}/people?saved`,
  ),
}
