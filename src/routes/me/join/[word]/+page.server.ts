import { redirect } from '@sveltejs/kit'
import { joinForm } from '#organisations/organisation.ts'
import { invitedToJoin, joinOrganisation } from '#organisations/server/writes/join.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'same-origin' })
  const { name } = await invitedToJoin(locals.db, params.word, locals.now)
  if (locals.viewer.account === null) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`)
  return { name }
}

export const actions: Actions = {
  default: act(joinForm, joinOrganisation, () => '/me/organisations?joined'),
}
