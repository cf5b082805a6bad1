import { groupsLedBy } from '#groups/server/reads.ts'
import { mayMakeGroup } from '#groups/may.ts'
import { missing } from '#kernel/refusal.ts'
import { sayCountry } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const groups = await groupsLedBy(locals.db, locals.viewer)
  if (groups.length === 0 && !mayMakeGroup(locals.viewer)) throw missing()
  return {
    mayMake: mayMakeGroup(locals.viewer),
    groups: groups.map(({ slug, name, country, town, hidden }) => ({
      slug,
      name,
      hidden,
      where: [town, sayCountry(country, locals.language)].filter(Boolean).join(', '),
    })),
  }
}
