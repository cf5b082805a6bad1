import { error } from '@sveltejs/kit'
import { mostMegabytes } from '#activities/import.ts'
import { textIn } from '#kernel/messages.ts'
import type { PageServerLoad } from './$types'

/** What web.ts shows instead of reading a body that is larger than its address takes. */
export const load: PageServerLoad = ({ locals, url }) => {
  const most = url.searchParams.get('of') === 'file' ? `${mostMegabytes} MB` : '0.5 MB'
  error(413, textIn(locals.language)('too-large.words', { most }))
}
