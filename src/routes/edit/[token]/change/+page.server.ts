import { fail } from '@sveltejs/kit'
import { editInput } from '#activities/edit.ts'
import { editPage } from '#activities/server/reads/edit.ts'
import { townChoices } from '#activities/server/reads/towns.ts'
import { editActivity } from '#activities/server/writes/edit.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  return { page: await editPage(locals.db, params.token, locals.language, locals.now) }
}

export const actions: Actions = {
  default: async (event) => {
    const { db, language } = event.locals
    const answer = await act(
      editInput,
      (on, viewer, input, now) => editActivity(on, viewer, { ...input, language }, now),
      ({ token }) => `/edit/${token}?saved`,
    )(event)
    const chosen = answer.data.values['town']
    const asks = answer.data.errors['town'] !== undefined || (typeof chosen === 'string' && chosen !== '')
    const choices = asks ? await townChoices(db, answer.data.values, language) : null
    return fail(answer.status, { ...answer.data, choices })
  },
}
