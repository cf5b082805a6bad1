import { answerInput, cancelInput, hostToken, repeatInput, withdrawInput } from '#activities/host.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import {
  answerReview,
  bringBack,
  cancelActivity,
  confirmHost,
  leaveActivity,
  withdrawActivity,
} from '#activities/server/writes/host.ts'
import { repeatActivity } from '#activities/server/writes/repeat.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, setHeaders, url }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const page = await hostPage(locals.db, params.token, locals.language, locals.now)
  return {
    page,
    publicLink: `${siteAddress(readConfig())}/activities/${page.slug}`,
    saved: url.searchParams.has('saved'),
    formKey: crypto.randomUUID(),
  }
}

const back = ({ token }: { token: string }): string => `/edit/${token}`

export const actions: Actions = {
  confirm: act(hostToken, confirmHost, back),
  cancel: act(cancelInput, cancelActivity, back),
  withdraw: act(withdrawInput, withdrawActivity, back),
  bringBack: act(hostToken, bringBack, back),
  answer: act(answerInput, answerReview, back),
  repeat: act(repeatInput, repeatActivity, back),
  leave: act(hostToken, leaveActivity, () => '/edit'),
}
