import { tableAnswer } from '#activities/attendance.ts'
import { readTablePage } from '#activities/server/reads/come-page.ts'
import { answerAtTable } from '#activities/server/writes/table-answer.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => ({
  page: await readTablePage(locals.db, locals.viewer, params, locals.now),
  thanks: url.searchParams.has('thanks'),
  formKey: crypto.randomUUID(),
})

export const actions: Actions = {
  default: (event) =>
    act(
      tableAnswer,
      (db, viewer, input, now) =>
        answerAtTable(db, viewer, { ...input, from: event.getClientAddress() }, now),
      ({ slug }) => `/activities/${slug}/new-to-you?thanks`,
    )(event),
}
