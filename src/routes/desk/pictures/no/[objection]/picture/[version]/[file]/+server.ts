import { lookAtNo } from '#desk/server/pictures.ts'
import { missing } from '#kernel/refusal.ts'
import { sendPicture } from '../../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const { on } = await lookAtNo(locals.db, locals.viewer, params.objection)
  const here = on.find(({ versions }) => versions.includes(params.version))
  if (!here) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'checker', surface: here.surface })
}
