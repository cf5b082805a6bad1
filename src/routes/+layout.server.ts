import { reviews } from '#kernel/viewer.ts'
import { siteSettings } from '#site/server/reads.ts'
import { homeWords } from '#site/settings.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, url }) => {
  const site = await siteSettings(locals.db)
  return {
    language: locals.language,
    site: site.name,
    example: site.example,
    home: homeWords(site, locals.language),
    here: url.pathname,
    signedIn: locals.viewer.account !== null,
    desk: reviews(locals.viewer) || locals.viewer.roles.length > 0,
  }
}
