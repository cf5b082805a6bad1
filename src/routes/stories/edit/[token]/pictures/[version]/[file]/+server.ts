import { heldStory } from '#stories/server/reads/own-pictures.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const story = await heldStory(locals.db, locals.viewer, params.token, locals.now)
  return sendPicture(event, params.version, params.file, { as: 'poster', surface: story.id })
}
