import { missing } from '#kernel/refusal.ts'
import { picturesForReview } from '#stories/server/reads/review-pictures.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const all = await picturesForReview(locals.db, locals.viewer, params.id, locals.now)
  if (all.every(({ id }) => id !== params.version)) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'checker', surface: params.id })
}
