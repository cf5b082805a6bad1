import { Refusal } from '#kernel/refusal.ts'
import { mostNames } from '#kits/certificate.ts'
import { thanksFor } from '#kits/server/certificates.ts'
import type { PageServerLoad } from './$types'

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
