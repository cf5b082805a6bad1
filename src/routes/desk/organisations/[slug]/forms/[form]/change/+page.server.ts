import { missing } from '#kernel/refusal.ts'
import { paperForm } from '#organisations/paper-form.ts'
import { paperFormOf } from '#organisations/server/reads/paper.ts'
import { savePaperForm } from '#organisations/server/writes/paper.ts'
import { act } from '../../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  const { organisation, may } = await parent()
  if (!may.keepPeople) throw missing()
  const form = await paperFormOf(locals.db, locals.viewer, {
    organisation: organisation.id,
    form: params.form,
  })
  const { title, says, dated, circle, purposes, modes, namesThisSite, namesSocialMedia, revision } = form
  return {
    revision,
    formKey: crypto.randomUUID(),
    values: {
      title,
      says,
      dated,
      circle: String(circle),
      purposes: [...purposes],
      modes: [...modes],
      namesThisSite: namesThisSite ? 'yes' : '',
      namesSocialMedia: namesSocialMedia ? 'yes' : '',
    },
  }
}

export const actions: Actions = {
  default: act(paperForm, savePaperForm, ({ slug, form }) => `/desk/organisations/${slug}/forms/${form}`),
}
