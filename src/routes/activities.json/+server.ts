import { addressOf } from '#activities/filter.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { asJson } from '#activities/view.ts'
import { answering } from '../activities/answers.ts'
import { textAnswer } from '../text-answer.ts'

export const GET = answering(async ({ locals, url }, asked) => {
  const { filter } = asked
  const list = await listActivities(locals.db, asked, locals.now)
  locals.keep()
  const next =
    filter.page < list.pages ? addressOf('/activities.json', filter, { page: filter.page + 1 }) : null
  const body = {
    activities: list.activities.map((activity) => asJson(activity, url.origin)),
    next: next && `${url.origin}${next}`,
    total: list.total,
  }
  return textAnswer(JSON.stringify(body), {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
  })
})
