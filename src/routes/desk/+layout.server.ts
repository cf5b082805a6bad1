import { redirect } from '@sveltejs/kit'
import type { LayoutServerLoad } from './$types'

/** Whoever is not signed in is asked to; what they may then see, each page's own read decides. */
export const load: LayoutServerLoad = ({ locals, url }) => {
  if (locals.viewer.account === null)
    redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`)
}
