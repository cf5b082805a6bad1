import { linkWish } from '#activities/rsvp.ts'
import { sendGuestLinks } from '#activities/server/writes/guest-links.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ url }) => ({
  sent: url.searchParams.has('sent'),
  forgotten: url.searchParams.has('forgotten'),
  formKey: crypto.randomUUID(),
})

export const actions: Actions = { default: act(linkWish, sendGuestLinks, () => '/come?sent') }
