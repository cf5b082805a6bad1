import { subjectOf } from '#desk/concern.ts'
import { missing } from '#kernel/refusal.ts'
import { safetyCountries, safetyRoutes } from '#site/safety.ts'
import { plainPage } from '#site/server/reads.ts'
import { sayAbout } from '../about.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.keep()
  const page = await plainPage(locals.db, 'safety', locals.language)
  if (!page) throw missing()
  const thing = subjectOf(url.searchParams.get('about'))
  const named = thing && `${thing.room}:${thing.slug}`
  const aboutWords = named && (await sayAbout(locals, named))
  // What nobody can see any more is named here no longer, not even by its address.
  const about = aboutWords?.startsWith('/') ? null : named
  const country = url.searchParams.get('country') ?? ''
  return {
    page,
    about,
    aboutWords,
    country,
    countries: safetyCountries(locals.language),
    routes: safetyRoutes(country, locals.language),
  }
}
