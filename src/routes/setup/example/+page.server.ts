import { siteSettings } from '#site/server/reads.ts'
import { sureInput } from '#site/settings.ts'
import { act } from '../../act.ts'
import { removeExample } from '../remove-example.ts'
import { onlyOrganisers, stepAddress } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  onlyOrganisers(locals, 'example')
  return { example: (await siteSettings(locals.db)).example }
}

export const actions: Actions = { default: act(sureInput, removeExample, () => stepAddress('done')) }
