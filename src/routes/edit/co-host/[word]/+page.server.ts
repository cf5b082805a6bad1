import { coHostInput } from '#activities/host.ts'
import { invitedTo, offerToHost } from '#activities/server/writes/co-host.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { title, slug } = await invitedTo(locals.db, params.word, locals.now)
  return { title, slug, sent: url.searchParams.has('sent'), email: locals.viewer.email ?? '' }
}

export const actions: Actions = {
  default: (event) =>
    act(
      coHostInput,
      (db, viewer, input, now) =>
        offerToHost(db, viewer, { ...input, client: event.getClientAddress() }, now),
      () => `/edit/co-host/${event.params.word}?sent`,
    )(event),
}
