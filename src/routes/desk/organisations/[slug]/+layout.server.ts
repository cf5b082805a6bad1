import { recordsHere } from '#consent/server/reads/records.ts'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import {
  mayChangeOrganisation,
  mayChangePolicy,
  mayDecideOrganisations,
  mayKeepMembers,
  mayKeepPeople,
  mayLead,
  mayReadPeople,
  mayVet,
} from '#organisations/may.ts'
import { organisationOf } from '#organisations/server/reads/organisations.ts'
import { sayPlace } from '../say-place.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, params }) => {
  const { db, viewer, language } = locals
  const organisation = await organisationOf(db, viewer, params.slug)
  if (!organisation) throw missing()
  const { id, slug, name, type, state, reason, nation, country, town, hidden, example } = organisation
  return {
    organisation: {
      id,
      slug,
      name,
      type,
      state,
      reason,
      nation,
      country,
      town,
      hidden,
      example,
      safeguardingLead: organisation.safeguardingLead,
      revision: organisation.revision,
      place: sayPlace(organisation, language, textIn(language)),
    },
    may: {
      lead: mayLead(viewer, organisation),
      change: mayChangeOrganisation(viewer, organisation),
      changePolicy: mayChangePolicy(viewer, organisation),
      readPeople: mayReadPeople(viewer, organisation),
      record: await recordsHere(db, viewer, id),
      keepPeople: mayKeepPeople(viewer, organisation),
      keepMembers: mayKeepMembers(viewer, organisation),
      vet: mayVet(viewer, organisation),
      decide: mayDecideOrganisations(viewer),
    },
  }
}
