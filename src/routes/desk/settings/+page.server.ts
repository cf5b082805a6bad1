import { listRedirects, siteSettings } from '#site/server/reads.ts'
import { removeRedirect, saveRedirect, saveSettings } from '#site/server/writes.ts'
import { pathInput, redirectInput, settingsInput } from '#site/settings.ts'
import { countryChoices } from '#kernel/countries.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const [settings, redirects] = await Promise.all([
    siteSettings(locals.db),
    listRedirects(locals.db, locals.viewer),
  ])
  const { name, organiser, contact, address, country, zone, source } = settings
  const values: Record<string, string> = { name, organiser, contact, address, country, zone, source }
  return {
    values,
    redirects,
    countries: countryChoices(locals.language),
    zones: Intl.supportedValuesOf('timeZone'),
    example: settings.example,
    aside: settings.exampleAside !== null,
    saved: url.searchParams.has('saved'),
  }
}

const back = (): string => '/desk/settings?saved'

export const actions: Actions = {
  save: act(settingsInput, saveSettings, back),
  redirect: act(redirectInput, saveRedirect, back),
  remove: act(pathInput, removeRedirect, back),
}
