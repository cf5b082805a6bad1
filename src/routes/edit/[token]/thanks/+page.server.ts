import { Refusal } from '#kernel/refusal.ts'
import { mostNames, thanksForm } from '#kits/certificate.ts'
import { makeCertificates, thanksFor } from '#kits/server/certificates.ts'
import { act } from '../../../act.ts'
import { typesetter } from '../../../typesetter.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, language, now } = locals
  try {
    const { title, day } = await thanksFor(db, { token: params.token, language }, now)
    return { token: params.token, place: { title, day }, most: mostNames }
  } catch (error) {
    // Before it was held there is nothing to thank for; everything else looks like nothing is there.
    if (!(error instanceof Refusal) || error.kind !== 'conflict') throw error
    return { token: params.token, place: null, most: mostNames }
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      thanksForm,
      (db, _viewer, input, now) => {
        const of = { token: event.params.token, site: event.url.origin, language: event.locals.language }
        return makeCertificates(db, typesetter, { ...input, ...of }, now)
      },
      () => `/edit/${event.params.token}/thanks`,
    )(event),
}
