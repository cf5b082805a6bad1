import { textIn } from '#kernel/messages.ts'
import { altOf } from '#kits/kit.ts'
import { signatureOf } from '#kits/signature.ts'
import { kitOf } from '#kits/server/reads.ts'
import { wordsOf } from '#kits/words.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, language, now } = locals
  const kit = await kitOf(db, { slug: params.slug, site: url.origin, language }, now)
  locals.keep()
  const text = textIn(language)
  return {
    kit,
    alt: altOf(kit),
    words: wordsOf(kit, text),
    signature: signatureOf(kit, url.origin, text('kit.cancelled')),
  }
}
