import { closeForm, openForm, restoreForm } from '#desk/concern.ts'
import { concernById } from '#desk/server/reads.ts'
import { closeConcern, openConcern, restoreSubject } from '#desk/server/writes.ts'
import { textIn } from '#kernel/messages.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const concern = await concernById(locals.db, locals.viewer, params.id)
  return {
    ...concern,
    age: sayAge(concern.created, locals.now, textIn(locals.language)),
    back: url.searchParams.has('back'),
  }
}

export const actions: Actions = {
  open: act(openForm, openConcern, ({ words, email, subject, about }) => ({
    opened: { words, email, subject, about },
  })),
  close: act(closeForm, closeConcern, () => '/desk'),
  restore: act(restoreForm, restoreSubject, (_, event) => `/desk/concerns/${event.params['id'] ?? ''}?back`),
}
