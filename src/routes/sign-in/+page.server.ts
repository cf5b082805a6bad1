import { askInput, safeNext } from '#accounts/account.ts'
import { askToSignIn } from '#accounts/server/writes/sign-in.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals, url }) => ({
  formKey: crypto.randomUUID(),
  next: safeNext(url.searchParams.get('next')),
  email: locals.viewer.email,
})

export const actions: Actions = {
  default: (event) =>
    act(
      askInput,
      async (db, viewer, input, now) => {
        await askToSignIn(db, viewer, { ...input, client: event.getClientAddress() }, now)
        return input.email
      },
      (email) => ({ sent: email }),
    )(event),
}
