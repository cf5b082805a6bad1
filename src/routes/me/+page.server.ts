import { redirect } from '@sveltejs/kit'
import * as v from 'valibot'
import { leavingDays, ownInput } from '#accounts/account.ts'
import { ownAccount } from '#accounts/server/reads/people.ts'
import { eraseMe, keepMe, saveMe } from '#accounts/server/writes/me.ts'
import { signOut } from '#accounts/server/writes/sign-in.ts'
import { sayDay, sayLanguage } from '#kernel/times.ts'
import { languages } from '#kernel/messages.ts'
import { act } from '../act.ts'
import { keepSession } from '../session-cookie.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.viewer.account === null) redirect(303, '/sign-in?next=/me')
  const { name, email, language, trusted, erasing, roles } = await ownAccount(locals.db, locals.viewer)
  return {
    name,
    email,
    language,
    trusted,
    roles: roles.map(({ role }) => role),
    languages: languages.map((code) => ({ value: code, label: sayLanguage(code, code) })),
    saved: url.searchParams.has('saved'),
    kept: url.searchParams.has('kept'),
    erasing: erasing && sayDay(erasing.toISOString().slice(0, 10), locals.language, true),
    days: leavingDays,
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
  erase: act(v.object({}), eraseMe, () => '/me'),
  keep: act(v.object({}), keepMe, () => '/me?kept'),
}
