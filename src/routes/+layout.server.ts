import { permissionClosed } from '#consent/server/reads/ledger.ts'
import { reviews } from '#kernel/viewer.ts'
import { siteSettings } from '#site/server/reads.ts'
import { homeWords } from '#site/settings.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, url }) => {
  const [site, checking] = await Promise.all([siteSettings(locals.db), permissionClosed(locals.db)])
  return {
    language: locals.language,
    site: site.name,
    example: site.example,
    home: homeWords(site, locals.language),
    /** After a restore, nothing that was restored is shown until an organiser has said how to go on. */
    checking,
    here: url.pathname,
    signedIn: locals.viewer.account !== null,
    desk: reviews(locals.viewer) || locals.viewer.roles.length > 0,
  }
}
