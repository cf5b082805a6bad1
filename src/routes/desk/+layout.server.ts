import { redirect } from '@sveltejs/kit'
import { mayEnterDesk } from '#desk/may.ts'
import { siteSettings } from '#site/server/reads.ts'
import type { LayoutServerLoad } from './$types'

/** Whoever is not signed in is asked to; what they may then see, each page's own read decides. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
  const { db, viewer } = locals
  if (viewer.account === null) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`)
  const role = mayEnterDesk(viewer)
  const contact = role ? '' : (await siteSettings(db)).contact
  return { asked: { email: viewer.email ?? '', role, contact } }
}
