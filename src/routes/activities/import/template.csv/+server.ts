import { templateCsv } from '#activities/import-template.ts'
import { textIn } from '#kernel/messages.ts'
import { dayOf } from '#kernel/times.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  const week = await currentWeek(locals.db, locals.now)
  const today = dayOf(locals.now, 'Etc/GMT-14')
  const asked = { monday: week?.monday ?? today, today }
  return new Response(templateCsv(asked, textIn(locals.language)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="activities.csv"',
    },
  })
}
