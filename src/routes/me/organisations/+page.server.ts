import { redirect } from '@sveltejs/kit'
import { askForm, ofOrganisation } from '#organisations/organisation.ts'
import { ownOrganisations } from '#organisations/server/reads/organisations.ts'
import { askToJoin } from '#organisations/server/writes/join.ts'
import { leaveOrganisation } from '#organisations/server/writes/members.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

const done = ['asked', 'left', 'joined'] as const

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.viewer.account === null) redirect(303, '/sign-in?next=/me/organisations')
  const mine = await ownOrganisations(locals.db, locals.viewer)
  return {
    done: done.find((one) => url.searchParams.has(one)) ?? null,
    checks: mine.some(
      ({ leads, vetted, state, hidden }) => (leads || vetted) && state === 'agreed' && !hidden,
    ),
    mine: mine.map(({ slug, name, state, hidden, leads, vetted }) => ({
      slug,
      name,
      state,
      hidden,
      how: leads ? ('lead' as const) : vetted ? ('vetted' as const) : ('joined' as const),
      mayOpen: leads || !hidden,
    })),
  }
}

export const actions: Actions = {
  ask: act(askForm, askToJoin, () => '/me/organisations?asked'),
  leave: act(ofOrganisation, leaveOrganisation, () => '/me/organisations?left'),
}
