import { redirect } from '@sveltejs/kit'
import * as v from 'valibot'
import { eraseInput, ownInput } from '#accounts/account.ts'
import { ownAccount } from '#accounts/server/reads/people.ts'
import { eraseMe, saveMe } from '#accounts/server/writes/me.ts'
import { signOut } from '#accounts/server/writes/sign-in.ts'
import { sayLanguage } from '#kernel/times.ts'
import { languages } from '#kernel/messages.ts'
import { act } from '../act.ts'
import { keepSession } from '../session-cookie.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.viewer.account === null) redirect(303, '/sign-in?next=/me')
  const { name, email, language, trusted, roles } = await ownAccount(locals.db, locals.viewer)
  return {
    name,
    email,
    language,
    trusted,
    roles: roles.map(({ role }) => role),
    languages: languages.map((code) => ({ value: code, label: sayLanguage(code, code) })),
    saved: url.searchParams.has('saved'),
  }
}

export const actions: Actions = {
  save: act(ownInput, saveMe, () => '/me?saved'),
  out: (event) =>
    act(
      v.object({}),
      (db) => signOut(db, event.request.headers),
      (cookie) => {
        if (cookie) keepSession(event, cookie)
        return '/'
      },
    )(event),
  erase: (event) =>
    act(
      eraseInput,
      async (db, viewer, input, now) => {
        await eraseMe(db, viewer, input, now)
        return signOut(db, event.request.headers)
      },
      (cookie) => {
        if (cookie) keepSession(event, cookie)
        return '/'
      },
    )(event),
}
