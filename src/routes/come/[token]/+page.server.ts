import { guestAnswers, guestPress, newSeats } from '#activities/rsvp.ts'
import { readGuestPage } from '#activities/server/reads/guest-page.ts'
import { confirmSeat } from '#activities/server/writes/confirm-seat.ts'
import {
  answerAfterwards,
  changeSeats,
  giveSeatBack,
  takeRequestBack,
  takeSeatAgain,
} from '#activities/server/writes/guest-page.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const input = { token: params.token, language: locals.language }
  return {
    guest: await readGuestPage(locals.db, locals.viewer, input, locals.now),
    ics: `${url.pathname}.ics`,
    thanks: url.searchParams.has('thanks'),
    formKey: crypto.randomUUID(),
  }
}

const back = ({ token }: { token: string }): string => `/come/${token}`

export const actions: Actions = {
  confirm: act(guestPress, confirmSeat, back),
  back: act(guestPress, giveSeatBack, back),
  again: act(guestPress, takeSeatAgain, back),
  seats: act(newSeats, changeSeats, back),
  answers: act(guestAnswers, answerAfterwards, ({ token }) => `/come/${token}?thanks`),
  request: act(guestPress, takeRequestBack, back),
}
