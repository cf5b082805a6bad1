import { mostMegabytes } from '#activities/import.ts'
import { mostMegabytes as mostOfDirectory } from '#letters/directory.ts'
import type { PageServerLoad } from './$types'

/** The page of the form that was sent; only ever one of this site. */
const formOf = (path: string): string => (/^\/(?![/\\])[\w/.~%-]{0,500}$/.test(path) ? path : '/')

/** The most of what each form of files takes, megabytes. */
const files = new Map([
  ['/activities/import', mostMegabytes],
  ['/desk/directory/imports', mostOfDirectory],
])

/** What web.ts shows, as 413, instead of reading a body that is larger than its address takes. */
export const load: PageServerLoad = ({ url }) => ({
  from: formOf(url.searchParams.get('from') ?? ''),
  most: `${files.get(url.searchParams.get('from') ?? '') ?? 0.5} MB`,
})
