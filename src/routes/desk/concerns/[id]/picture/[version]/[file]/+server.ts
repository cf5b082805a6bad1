import { hasOpened } from '#consent/server/reads/holds.ts'
import { thingOf } from '#desk/concern.ts'
import { concernAbout } from '#desk/server/reads.ts'
import { missing } from '#kernel/refusal.ts'
import { versionOf } from '#media/server/reads.ts'
import { sendPicture } from '../../../../../../media/send.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals, params } = event
  const { db, viewer, now } = locals
  const { subject } = await concernAbout(db, viewer, params.id, now)
  const surface = thingOf(subject)?.id
  const version = await versionOf(db, params.version)
  if (surface === undefined || version?.surface !== surface) throw missing()
  if (!(await hasOpened(db, viewer, surface, now))) throw missing()
  return sendPicture(event, params.version, params.file, { as: 'opener', surface })
}
