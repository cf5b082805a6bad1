import { missing } from '#kernel/refusal.ts'
import { plainPage } from '#site/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.keep()
  const page = await plainPage(locals.db, params.page, locals.language)
  if (!page) throw missing()
  return page
}
