import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { reviews } from '#kernel/viewer.ts'
import { siteSettings } from '#site/server/reads.ts'
import { homeWords } from '#site/settings.ts'
import type { LayoutServerLoad } from './$types'

/** Where the desk begins for whoever looks: a vetted practitioner has the photographs that wait for them, and nothing else there. */
async function deskFor({ db, viewer }: App.Locals): Promise<'/desk' | '/desk/pictures' | null> {
  if (reviews(viewer) || viewer.roles.length > 0) return '/desk'
  return (await waitingForSecond(db, viewer)).length > 0 ? '/desk/pictures' : null
}

export const load: LayoutServerLoad = async ({ locals, url }) => {
  const site = await siteSettings(locals.db)
  return {
    language: locals.language,
    site: site.name,
    example: site.example,
    home: homeWords(site, locals.language),
    here: url.pathname,
    signedIn: locals.viewer.account !== null,
    desk: await deskFor(locals),
  }
}
