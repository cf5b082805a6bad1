import { liftInput } from '#consent/permission.ts'
import { seenNo } from '#consent/server/reads/second-person.ts'
import { liftObjection } from '#consent/server/writes/taking-down.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../../../act.ts'
import { sayAge } from '../../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { at, ...no } = await seenNo(locals.db, locals.viewer, params.objection)
  return { ...no, age: sayAge(at, locals.now, textIn(locals.language)) }
}

export const actions: Actions = {
  default: act(liftInput, liftObjection, () => '/desk/pictures?done=no-over'),
}
