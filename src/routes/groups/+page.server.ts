import { listGroups } from '#groups/server/reads.ts'
import { sayCountry } from '#kernel/times.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  locals.keep()
  const groups = await listGroups(locals.db)
  const byCountry = Map.groupBy(groups, (group) => sayCountry(group.country, locals.language))
  return {
    countries: [...byCountry]
      .map(([country, inIt]) => ({ country, groups: inIt }))
      .toSorted((a, b) => a.country.localeCompare(b.country, locals.language)),
  }
}
