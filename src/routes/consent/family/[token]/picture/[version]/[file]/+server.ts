import { stewardPage } from '#consent/server/reads/stewards.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import { gone } from '../../../../../[token]/gone.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const page = await stewardPage(locals.db, params.token, locals.now)
  const place = page?.places.find(({ versions }) => versions.includes(params.version))
  if (!place) throw gone()
  return sendPicture(event, params.version, params.file, { as: 'asked', surface: place.surface })
}
