import { textIn } from '#kernel/messages.ts'
import { altOf } from '#kits/kit.ts'
import { kitOf } from '#kits/server/reads.ts'
import { wordsOf } from '#kits/words.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, language, now } = locals
  const kit = await kitOf(db, { slug: params.slug, site: url.origin, language }, now)
  locals.keep()
  return { kit, alt: altOf(kit), words: wordsOf(kit, textIn(language)) }
}
