import { sheetOf } from '#activities/feeds/csv.ts'
import { wholeFeed } from '#activities/server/reads/feeds.ts'
import { answering, headOf, streamed } from '../activities/answers.ts'

export const GET = answering(async (event, asked) => {
  const { db, now } = event.locals
  return streamed(sheetOf(wholeFeed(db, asked, now), await headOf(event, asked)), {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="activities.csv"',
    'access-control-allow-origin': '*',
  })
})
