import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { readConfig } from '#platform/server/config.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { asAtom } from '#stories/formats.ts'
import { authorPage } from '#stories/server/reads/wall.ts'
import { pageAsked } from '../../asked.ts'
import { textAnswer } from '../../../text-answer.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, params, url }) => {
  const { db, now, language } = locals
  const { slug } = params
  const found = await authorPage(db, { slug, page: pageAsked(url), whole: true }, now)
  if (!found || found.pages === 0) throw missing()
  locals.keep()
  const text = textIn(language)
  const site = siteAddress(readConfig())
  const here = `${site}/stories/by/${slug}`
  const pageOf = (page: number): string => `${here}.atom${page > 1 ? `?page=${page}` : ''}`
  const feed = {
    title: text('stories.by.title', { name: found.name }),
    self: pageOf(found.page),
    page: here,
    site,
    empty: new Date(0),
    next: found.page < found.pages ? pageOf(found.page + 1) : null,
  }
  return textAnswer(asAtom(found.stories, feed, text), {
    'content-type': 'application/atom+xml; charset=utf-8',
    'access-control-allow-origin': '*',
  })
}
