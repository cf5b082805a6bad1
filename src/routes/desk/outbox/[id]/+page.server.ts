import { mayReadRecords } from '#desk/may.ts'
import { missing } from '#kernel/refusal.ts'
import { readConfig } from '#platform/server/config.ts'
import { readOutboxMail } from '#platform/server/outbox.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const words = mayReadRecords(locals.viewer) ? await readOutboxMail(readConfig(), params.id) : null
  if (words === null) throw missing()
  return { words }
}
