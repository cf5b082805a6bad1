import { currentOf, saidOn } from '#consent/asking.ts'
import { personPage } from '#consent/server/reads/person.ts'
import { sendPicture } from '../../../../../media/send.ts'
import { gone } from '../../../gone.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const page = await personPage(locals.db, params.token, locals.now)
  if (!page?.placements.some((one) => one.version === params.version)) throw gone()
  // After a no, and while everything of somebody rests, there is nothing more to look at.
  if (page.died === 'rests' || saidOn(page, currentOf(page.asked)) === 'no') throw gone()
  return sendPicture(event, params.version, params.file, {
    as: 'asked',
    surface: page.surface,
    person: page.person,
  })
}
