import { redirect } from '@sveltejs/kit'
import { groupBySlug } from '#groups/server/reads.ts'
import { missing } from '#kernel/refusal.ts'
import type { RequestHandler } from './$types'

/** A group's own feed is the one of all activities, asked for this group. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const group = await groupBySlug(locals.db, locals.viewer, params.slug)
  if (!group) throw missing()
  redirect(307, `/activities.ics?group=${group.slug}`)
}
