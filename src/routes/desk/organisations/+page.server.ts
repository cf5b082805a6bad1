import { changePolicy } from '#consent/server/writes/policy.ts'
import { textIn } from '#kernel/messages.ts'
import { mayDecideOrganisations } from '#organisations/may.ts'
import { decisionForm } from '#organisations/organisation.ts'
import { listOrganisations, ownOrganisations } from '#organisations/server/reads/organisations.ts'
import { withoutWhy } from '#organisations/server/reads/policies.ts'
import { decideOrganisation } from '#organisations/server/writes/decide.ts'
import { act } from '../../act.ts'
import { sayAge } from '../age.ts'
import { sayPlace } from './say-place.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, language, now } = locals
  const text = textIn(language)
  const [mine, all, silent] = await Promise.all([
    ownOrganisations(db, viewer),
    mayDecideOrganisations(viewer) ? listOrganisations(db, viewer) : [],
    withoutWhy(db, viewer),
  ])
  const listed = all.map((one) => ({
    slug: one.slug,
    name: one.name,
    state: one.state,
    type: one.type,
    where: [one.town, sayPlace(one, language, text)].filter(Boolean).join(', '),
    founder: one.founder && [one.founder.name, one.founder.email].filter(Boolean).join(', '),
    leads: one.leads,
    hidden: one.hidden,
    example: one.example,
    silent: silent.has(one.slug),
    age: sayAge(one.created, now, text),
  }))
  return {
    mine: mine.map(({ slug, name, state, hidden, example, leads, vetted }) => ({
      slug,
      name,
      state,
      hidden,
      example,
      how: leads ? ('lead' as const) : vetted ? ('vetted' as const) : ('joined' as const),
      mayOpen: leads || !hidden,
    })),
    waiting: listed.filter((one) => one.state === 'waiting'),
    others: listed.filter((one) => one.state !== 'waiting'),
    done: url.searchParams.has('done'),
  }
}

export const actions: Actions = {
  decide: act(decisionForm, changePolicy(decideOrganisation), () => '/desk/organisations?done'),
}
