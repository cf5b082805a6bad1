import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { askFor } from '#stories/filter.ts'
import { asJson } from '#stories/formats.ts'
import { storiesOf } from '#stories/server/reads/wall.ts'
import { problemOf } from '../activities/question.ts'
import { storiesAsked } from '../stories/asked.ts'
import { textAnswer } from '../text-answer.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals } = event
  const asked = await storiesAsked(event)
  const { filter, bad } = asked
  if (bad.length > 0) return problemOf(bad, locals.language)
  const site = siteAddress(readConfig())
  const week = asked.week?.year ?? 0
  const wall = await storiesOf(locals.db, { ...filter, week }, locals.now, {
    whole: true,
    // Any page anywhere may read it, and keep what it reads.
    beyond: true,
  })
  locals.keep()
  const more = filter.page < wall.pages
  const body = {
    stories: wall.stories.map((story) => asJson(story, site)),
    next: more ? `${site}/stories.json${askFor({ ...filter, page: filter.page + 1 })}` : null,
    total: wall.total,
  }
  return textAnswer(JSON.stringify(body), {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
  })
}
