import { sayDays } from '#kernel/times.ts'
import { paperFormsOf } from '#organisations/server/reads/paper.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { organisation } = await parent()
  const forms = await paperFormsOf(locals.db, locals.viewer, organisation.id)
  return {
    forms: forms.map(({ id, title, dated, ended, yes, no }) => ({
      id,
      title,
      ended: ended !== null,
      dated: sayDays(dated, dated, locals.language),
      yes,
      no,
    })),
  }
}
