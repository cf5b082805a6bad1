import { allDoors } from '#letters/server/reads/doors.ts'
import { sayDay } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => ({
  doors: (await allDoors(locals.db, locals.viewer, locals.language)).map((door) => ({
    ...door,
    checked: door.checked && sayDay(door.checked, locals.language, true),
  })),
})
