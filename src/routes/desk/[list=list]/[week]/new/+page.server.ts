import { formOf, forms } from '../../entries.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => ({
  ...(await formOf(locals, params.week)),
  list: params.list,
})

export const actions: Actions = {
  default: (event) => forms[event.params.list](event.locals.language).add(event),
}
