import { textIn } from '#kernel/messages.ts'
import { ownTexts, plainPage, siteSettings } from '#site/server/reads.ts'
import { pageNames } from '#site/settings.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const changed = await ownTexts(locals.db, locals.viewer, locals.language)
  const own = new Set(changed.map((text) => text.name))
  const settings = await siteSettings(locals.db)
  const home = {
    name: 'home',
    address: '/',
    title: textIn(locals.language)('site.home.title'),
    own: Object.hasOwn(settings.home, locals.language),
  }
  const texts = [home]
  for (const name of pageNames) {
    const page = await plainPage(locals.db, name, locals.language)
    texts.push({ name, address: `/${name}`, title: page?.title ?? name, own: own.has(name) })
  }
  return { texts }
}
