import { sendPicture } from '../../send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => sendPicture(event, event.params.id, event.params.file)
