import { toLook } from '#consent/server/reads/looks.ts'
import { missing } from '#kernel/refusal.ts'
import { sendPicture } from '../../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const { surface, versions } = await toLook(locals.db, locals.viewer, params.record, locals.now)
  if (!versions.includes(params.version)) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'checker', surface })
}
