import { atomOf } from '#activities/feeds/atom.ts'
import { addressOf } from '#activities/filter.ts'
import { feedPage } from '#activities/server/reads/feeds.ts'
import { answering, headOf } from '../activities/answers.ts'
import { textAnswer } from '../text-answer.ts'

export const GET = answering(async (event, asked) => {
  const { locals, url } = event
  const { filter, week } = asked
  const entries = await feedPage(locals.db, asked, locals.now)
  locals.keep()
  const at = (page: number): string => `${url.origin}${addressOf('/activities.atom', filter, { page })}`
  const links = {
    self: at(filter.page),
    next: entries.length === filter.limit ? at(filter.page + 1) : null,
    previous: filter.page > 1 ? at(filter.page - 1) : null,
  }
  const body = atomOf(entries, await headOf(event, asked), links, week?.announced ?? new Date(0))
  return textAnswer(body, {
    'content-type': 'application/atom+xml; charset=utf-8',
    'access-control-allow-origin': '*',
  })
}, true)
