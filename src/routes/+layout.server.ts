import { reviews } from '#kernel/viewer.ts'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = ({ locals, url }) => ({
  language: locals.language,
  here: url.pathname,
  signedIn: locals.viewer.account !== null,
  desk: reviews(locals.viewer) || locals.viewer.roles.length > 0,
})
