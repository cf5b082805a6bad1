import { newDoor } from '#letters/door.ts'
import { allDoors } from '#letters/server/reads/doors.ts'
import { addDoor } from '#letters/server/writes/doors.ts'
import { nations } from '#kernel/permission-words.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const doors = await allDoors(locals.db, locals.viewer, locals.language)
  const subjects = new Map(doors.map(({ subject, name }) => [subject, name]))
  return {
    nations,
    subjects: [...subjects].map(([value, label]) => ({ value, label })),
    today: locals.now.toISOString().slice(0, 10),
  }
}

export const actions: Actions = {
  default: act(newDoor, addDoor, ({ nation, subject }) => `/desk/directory/doors/${nation}/${subject}?added`),
}
