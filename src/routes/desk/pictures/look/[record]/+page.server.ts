import { lookedAt } from '#consent/record-forms.ts'
import { toLook } from '#consent/server/reads/looks.ts'
import { reviewBestInterests } from '#consent/server/writes/best-interests.ts'
import { sayDay } from '#kernel/times.ts'
import { act } from '../../../../act.ts'
import { shownOn } from '../../../../consent/[token]/shown.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const look = await toLook(locals.db, locals.viewer, params.record, locals.now)
  const { record, label, surface, versions, decision, reasons } = look
  return {
    record,
    label,
    reasons,
    decision: {
      ...decision,
      until: sayDay(decision.review.toISOString().slice(0, 10), locals.language, true),
    },
    article: await shownOn(locals, { surface, wanted: versions }),
  }
}

export const actions: Actions = {
  review: act(lookedAt, reviewBestInterests, () => '/desk/pictures?done=looked'),
}
