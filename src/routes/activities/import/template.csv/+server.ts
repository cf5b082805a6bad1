import { templateCsv } from '#activities/import-template.ts'
import { textIn } from '#kernel/messages.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  const week = await currentWeek(locals.db, locals.now)
  const monday = week?.monday ?? locals.now.toISOString().slice(0, 10)
  return new Response(templateCsv(monday, textIn(locals.language)), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="activities.csv"',
    },
  })
}
