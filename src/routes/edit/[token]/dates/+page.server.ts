import { changeOfDate } from '#activities/edit.ts'
import { datesPage } from '#activities/server/reads/dates.ts'
import { changeDate } from '#activities/server/writes/dates.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  return { page: await datesPage(locals.db, params.token, locals.language, locals.now) }
}

export const actions: Actions = {
  default: act(changeOfDate, changeDate, ({ token }) => `/edit/${token}/dates`),
}
