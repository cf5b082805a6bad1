import { doorInput } from '#letters/door.ts'
import { doorOf } from '#letters/server/reads/doors.ts'
import { saveDoor } from '#letters/server/writes/doors.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => ({
  door: await doorOf(locals.db, locals.viewer, { ...params, language: locals.language }),
  today: locals.now.toISOString().slice(0, 10),
  saved: url.searchParams.has('saved'),
})

export const actions: Actions = {
  default: act(
    doorInput,
    saveDoor,
    ({ nation, subject }) => `/desk/directory/doors/${nation}/${subject}?saved`,
  ),
}
