import { toCheck } from '#consent/server/reads/second-person.ts'
import { missing } from '#kernel/refusal.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const check = await toCheck(locals.db, locals.viewer, params.said)
  if (check.version !== params.version) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'checker', surface: check.surface })
}
