import { noFilter } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { fullWays } from '#activities/server/reads/seats.ts'
import { nextChange } from '#activities/when.ts'
import { mayChangeGroup } from '#groups/may.ts'
import { asSchemaOrg } from '#groups/schema-org.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { sayCountry } from '#kernel/times.ts'
import { dataElement } from '#kernel/words.ts'
import { proseOf } from '#site/prose.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  const group = await groupBySlug(db, viewer, params.slug)
  if (!group) throw missing()
  const week = await currentWeek(db, now)
  const filter = { ...noFilter, group: group.slug }
  const list = await listActivities(db, { filter, week }, now)
  locals.keep(nextChange(list.activities, now))
  const where = [group.town, group.region, sayCountry(group.country, language)].filter(Boolean).join(', ')
  const meets = group.rhythm === '' ? '' : textIn(language)('groups.meets', { rhythm: group.rhythm })
  const about = { url: `${url.origin}/groups/${group.slug}`, where, meets }
  return {
    slug: group.slug,
    name: group.name,
    meets,
    where,
    machines: group.hidden ? '' : dataElement(asSchemaOrg(group, about)),
    html: proseOf(group.page),
    hidden: group.hidden,
    mayChange: mayChangeGroup(viewer, group),
    activities: list.activities,
    full: await fullWays(db, list.activities, now),
    now,
  }
}
