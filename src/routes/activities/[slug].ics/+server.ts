import { calendarOf } from '#activities/feeds/ical.ts'
import { feedEntry } from '#activities/server/reads/feeds.ts'
import { missing } from '#kernel/refusal.ts'
import { streamed } from '../answers.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, params, url }) => {
  const entry = await feedEntry(locals.db, params.slug, locals.now)
  if (!entry) throw missing()
  locals.keep()
  const head = {
    site: url.origin,
    title: entry.view.title,
    page: `${url.origin}/activities/${entry.view.slug}`,
    language: locals.language,
  }
  return streamed(calendarOf([[entry]], head), {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': `attachment; filename="${entry.view.slug}.ics"`,
    'access-control-allow-origin': '*',
  })
}
