import { calendarOf } from '#activities/feeds/ical.ts'
import { wholeFeed } from '#activities/server/reads/feeds.ts'
import { answering, headOf, streamed } from '../activities/answers.ts'

export const GET = answering(async (event, asked) => {
  const { db, now } = event.locals
  return streamed(calendarOf(wholeFeed(db, asked, now), await headOf(event, asked)), {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'inline; filename="activities.ics"',
    'access-control-allow-origin': '*',
  })
}, true)
