import { coming } from '#activities/rsvp.ts'
import { readComePage } from '#activities/server/reads/come-page.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => ({
  page: await readComePage(
    locals.db,
    locals.viewer,
    { slug: params.slug, language: locals.language },
    locals.now,
  ),
  sent: url.searchParams.has('sent'),
  formKey: crypto.randomUUID(),
})

export const actions: Actions = {
  default: (event) =>
    act(
      coming,
      (db, viewer, input, now) => comeTo(db, viewer, { ...input, from: event.getClientAddress() }, now),
      ({ slug }) => `/activities/${slug}/come?sent`,
    )(event),
}
