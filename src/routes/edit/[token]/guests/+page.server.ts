import { hostAnswer, hostMessage } from '#activities/rsvp.ts'
import { readGuests } from '#activities/server/reads/guests.ts'
import { answerGuest, messageGuests } from '#activities/server/writes/answer-guest.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const input = { token: params.token, language: locals.language }
  return {
    page: await readGuests(locals.db, locals.viewer, input, locals.now),
    sent: Number(url.searchParams.get('sent') ?? 0) || 0,
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  answer: act(hostAnswer, answerGuest, ({ token }) => `/edit/${token}/guests`),
  message: act(hostMessage, messageGuests, ({ token, count }) => `/edit/${token}/guests?sent=${count}`),
}
