import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { askFor, readFilter } from '#stories/filter.ts'
import { asJson } from '#stories/formats.ts'
import { nextAppearance, storiesOf } from '#stories/server/reads/wall.ts'
import { weekAsked } from '../stories/asked.ts'
import { badFilter } from '../stories/bad-filter.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, url }) => {
  const { filter, bad } = readFilter(url.searchParams)
  if (bad.length > 0) return badFilter(bad, locals.language)
  const site = siteAddress(readConfig())
  const week = (await weekAsked(locals, filter))?.year ?? filter.week ?? 0
  const wall = await storiesOf(locals.db, { ...filter, week }, locals.now, { whole: true })
  locals.keep(await nextAppearance(locals.db, locals.now))
  const more = filter.page < wall.pages
  return Response.json({
    stories: wall.stories.map((story) => asJson(story, site)),
    next: more ? `${site}/stories.json${askFor({ ...filter, page: filter.page + 1 })}` : null,
    total: wall.total,
  })
}
