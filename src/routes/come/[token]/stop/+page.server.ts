import { guestPress } from '#activities/rsvp.ts'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { forgetMe, quietMails } from '#activities/server/writes/guest-page.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const input = { token: params.token, language: locals.language }
  return {
    guest: await readGuestPage(locals.db, locals.viewer, input, locals.now),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  quiet: act(guestPress, quietMails, ({ token }) => `/come/${token}/stop`),
  forget: act(guestPress, forgetMe, () => '/come?forgotten'),
}
