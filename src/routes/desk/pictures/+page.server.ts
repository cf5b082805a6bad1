import { waitingForSecond } from '#consent/server/reads/queue.ts'
import type { PageServerLoad } from './$types'
import { waitingLines } from './lines.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const waiting = await waitingForSecond(locals.db, locals.viewer)
  return { waiting: await waitingLines(locals, waiting), done: url.searchParams.get('done') }
}
