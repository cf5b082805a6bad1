import { permissionClosed } from '#consent/server/reads/ledger.ts'
import { checkedBy } from '#consent/server/reads/queue.ts'
import { reviews } from '#kernel/viewer.ts'
import { siteSettings } from '#site/server/reads.ts'
import { homeWords } from '#site/settings.ts'
import type { LayoutServerLoad } from './$types'

/** Where the desk begins for whoever looks: a vetted practitioner has the photographs that wait for a second look, and nothing else there. */
async function deskFor({ db, viewer }: App.Locals): Promise<'/desk' | '/desk/pictures' | null> {
  if (reviews(viewer) || viewer.roles.length > 0) return '/desk'
  if (viewer.account === null) return null
  return (await checkedBy(db, viewer)).length > 0 ? '/desk/pictures' : null
}

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
    desk: await deskFor(locals),
  }
}
