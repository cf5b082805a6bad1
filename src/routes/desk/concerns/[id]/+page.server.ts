import { closeForm } from '#desk/concern.ts'
import { concernById } from '#desk/server/reads.ts'
import { closeConcern } from '#desk/server/writes.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const concern = await concernById(locals.db, locals.viewer, params.id)
  const [room, id] = (concern.subject ?? '').split(':')
  const ours = (room === 'activities' || room === 'stories') && id !== undefined && /^[0-9a-f-]{36}$/.test(id)
  return {
    ...concern,
    age: sayAge(concern.created, locals.now, textIn(locals.language)),
    about: ours ? `/desk/${room}/${id}` : null,
  }
}

export const actions: Actions = { default: act(closeForm, closeConcern, () => '/desk') }
