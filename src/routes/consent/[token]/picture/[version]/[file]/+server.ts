import { personPage } from '#consent/server/reads/person.ts'
import { missing } from '#kernel/refusal.ts'
import { sendPicture } from '../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const page = await personPage(locals.db, params.token, locals.now)
  if (!page?.placements.some((one) => one.version === params.version)) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'asked', surface: page.surface })
}
