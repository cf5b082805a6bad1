import { redirect } from '@sveltejs/kit'
import { safeNext, tokenInput } from '#accounts/account.ts'
import { linkWorks } from '#accounts/server/reads/session.ts'
import { signIn } from '#accounts/server/writes/sign-in.ts'
import { act } from '../../act.ts'
import { keepSession } from '../../session-cookie.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const works = await linkWorks(locals.db, params.token, locals.now)
  const next = safeNext(url.searchParams.get('next'))
  if (!works && locals.viewer.account !== null) redirect(303, next)
  return { works, next }
}

export const actions: Actions = {
  default: act(tokenInput, signIn, (cookie, event) => {
    keepSession(event, cookie)
    return safeNext(event.url.searchParams.get('next'))
  }),
}
