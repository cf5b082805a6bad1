import { linksAgain } from '#activities/host.ts'
import { sendHostLinks } from '#activities/server/writes/host-links.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals, url }) => ({
  formKey: crypto.randomUUID(),
  email: locals.viewer.email ?? '',
  sent: url.searchParams.get('sent') === 'yes',
})

export const actions: Actions = {
  default: (event) =>
    act(
      linksAgain,
      (db, viewer, input, now) =>
        sendHostLinks(db, viewer, { ...input, client: event.getClientAddress() }, now),
      () => '/edit?sent=yes',
    )(event),
}
