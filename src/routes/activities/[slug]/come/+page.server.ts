import { fail } from '@sveltejs/kit'
import * as v from 'valibot'
import { coming, comingWish } from '#activities/rsvp.ts'
import { readComePage } from '#activities/server/reads/come-page.ts'
import { comeTo, mistakesOfWish } from '#activities/server/writes/come.ts'
import { act, inOrder, sayFields } from '../../../act.ts'
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

/** Says what is wrong with what was chosen while another field keeps the form from being read whole. */
async function alsoWrong({ db, language, now }: App.Locals, values: Record<string, string | string[]>) {
  const read = v.safeParse(comingWish, values)
  return read.success ? sayFields(await mistakesOfWish(db, read.output, now), language) : {}
}

export const actions: Actions = {
  default: async (event) => {
    const answer = await act(
      coming,
      (db, viewer, input, now) => comeTo(db, viewer, { ...input, from: event.getClientAddress() }, now),
      ({ slug }) => `/activities/${slug}/come?sent`,
    )(event)
    const { data, status } = answer
    if (status !== 400 || data.said !== null) return answer
    const errors = { ...(await alsoWrong(event.locals, data.values)), ...data.errors }
    return fail(status, { ...data, errors: inOrder(errors, coming) })
  },
}
