import { missing } from '#kernel/refusal.ts'
import { paperForm } from '#organisations/paper-form.ts'
import { savePaperForm } from '#organisations/server/writes/paper.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ parent }) => {
  const { may } = await parent()
  if (!may.keepPeople) throw missing()
  return { formKey: crypto.randomUUID() }
}

export const actions: Actions = {
  default: act(paperForm, savePaperForm, ({ slug, form }) => `/desk/organisations/${slug}/forms/${form}`),
}
