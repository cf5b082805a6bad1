import { countryChoices } from '#kernel/countries.ts'
import { organisationForm } from '#organisations/organisation.ts'
import { saveOrganisation } from '#organisations/server/writes/found.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals }) => ({
  formKey: crypto.randomUUID(),
  countries: countryChoices(locals.language),
})

export const actions: Actions = {
  default: act(organisationForm, saveOrganisation, (slug) => `/desk/organisations/${slug}`),
}
