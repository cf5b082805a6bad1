import { missing } from '#kernel/refusal.ts'
import { safetyCountries, safetyRoutes } from '#site/safety.ts'
import { plainPage } from '#site/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.keep()
  const page = await plainPage(locals.db, 'safety', locals.language)
  if (!page) throw missing()
  const country = url.searchParams.get('country') ?? ''
  return {
    page,
    country,
    countries: safetyCountries(locals.language),
    routes: safetyRoutes(country, locals.language),
  }
}
