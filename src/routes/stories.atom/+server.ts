import { textIn } from '#kernel/messages.ts'
import { dayBeginsSomewhere } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { askFor } from '#stories/filter.ts'
import { asAtom } from '#stories/formats.ts'
import { storiesOf } from '#stories/server/reads/wall.ts'
import { problemOf } from '../activities/question.ts'
import { storiesAsked } from '../stories/asked.ts'
import { textAnswer } from '../text-answer.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const { locals } = event
  const { filter, bad, week } = await storiesAsked(event)
  if (bad.length > 0) return problemOf(bad, locals.language)
  const site = siteAddress(readConfig())
  const text = textIn(locals.language)
  const wall = await storiesOf(locals.db, { ...filter, week: week?.year ?? 0 }, locals.now, {
    whole: true,
    beyond: true,
  })
  locals.keep()
  const more = filter.page < wall.pages
  const feed = {
    title: week ? text('stories.wall.title-of', { week: week.name }) : text('stories.wall.title'),
    self: `${site}/stories.atom${askFor(filter)}`,
    page: `${site}/stories${askFor(filter)}`,
    site,
    empty: week ? dayBeginsSomewhere(week.monday) : new Date(0),
    next: more ? `${site}/stories.atom${askFor({ ...filter, page: filter.page + 1 })}` : null,
  }
  return textAnswer(asAtom(wall.stories, feed, text), {
    'content-type': 'application/atom+xml; charset=utf-8',
    'access-control-allow-origin': '*',
  })
}
