import { hasOrganiser } from '#accounts/server/reads/people.ts'
import { siteSettings } from '#site/server/reads.ts'
import { saveSettings } from '#site/server/writes.ts'
import { firstInput } from '#site/settings.ts'
import { act } from '../act.ts'
import { onlyOrganisers, stepAddress } from './steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  if (!(await hasOrganiser(locals.db))) return { values: null }
  onlyOrganisers(locals, 'site')
  const { name, organiser, contact } = await siteSettings(locals.db)
  const values: Record<string, string> = { name, organiser, contact }
  return { values }
}

export const actions: Actions = { default: act(firstInput, saveSettings, () => stepAddress('week')) }
