import { coHostInvitation } from '#activities/server/writes/co-host.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import { sayDay } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { db, language, now } = locals
  const { link, until } = await coHostInvitation(db, params.token, now)
  const { title, others } = await hostPage(db, params.token, language, now)
  return { token: params.token, link, until: sayDay(until, language), title, others }
}
