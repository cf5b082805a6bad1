import { countryChoices } from '#kernel/countries.ts'
import { missing } from '#kernel/refusal.ts'
import { organisationForm } from '#organisations/organisation.ts'
import { saveOrganisation } from '#organisations/server/writes/found.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, parent }) => {
  const { organisation, may } = await parent()
  if (!may.change) throw missing()
  return {
    formKey: crypto.randomUUID(),
    countries: countryChoices(locals.language),
    values: {
      type: organisation.type,
      place: organisation.nation ?? 'elsewhere',
      country: organisation.country,
      name: organisation.name,
      town: organisation.town,
      safeguardingLead: organisation.safeguardingLead,
    },
  }
}

export const actions: Actions = {
  default: act(organisationForm, saveOrganisation, (slug) => `/desk/organisations/${slug}`),
}
