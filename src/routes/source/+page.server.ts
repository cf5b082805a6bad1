import { siteSettings } from '#site/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  locals.keep()
  const { source } = await siteSettings(locals.db)
  return { source }
}
