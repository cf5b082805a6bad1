import { mostMegabytes } from '#activities/import.ts'
import type { PageServerLoad } from './$types'

/** What web.ts shows, as 413, instead of reading a body that is larger than its address takes. */
export const load: PageServerLoad = ({ url }) => ({
  most: url.searchParams.get('of') === 'file' ? `${mostMegabytes} MB` : '0.5 MB',
})
