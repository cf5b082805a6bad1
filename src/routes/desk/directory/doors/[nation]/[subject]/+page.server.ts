import { doorInput, offerInput } from '#letters/door.ts'
import { doorOf } from '#letters/server/reads/doors.ts'
import { offerDoor, saveDoor } from '#letters/server/writes/doors.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const dones = ['saved', 'added', 'back'] as const

export const load: PageServerLoad = async ({ locals, params, url }) => ({
  door: await doorOf(locals.db, locals.viewer, { ...params, language: locals.language }),
  today: locals.now.toISOString().slice(0, 10),
  done: dones.find((done) => url.searchParams.has(done)) ?? null,
})

const here = ({ nation, subject }: { nation: string; subject: string }): string =>
  `/desk/directory/doors/${nation}/${subject}`

export const actions: Actions = {
  save: act(doorInput, saveDoor, (door) => `${here(door)}?saved`),
  offer: act(offerInput, offerDoor, (door) => (door.offered === 'yes' ? `${here(door)}?back` : here(door))),
}
