import { toCheck } from '#consent/server/reads/queue.ts'
import { missing } from '#kernel/refusal.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const check = await toCheck(locals.db, locals.viewer, params.said, locals.now)
  if (check.version !== params.version) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'checker', surface: check.surface })
}
