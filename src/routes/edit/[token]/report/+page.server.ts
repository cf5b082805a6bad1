import { Refusal } from '#kernel/refusal.ts'
import { localOf, sayDay, sayTime, sayZone } from '#kernel/times.ts'
import { reportPage } from '#stories/server/reads/own.ts'
import { reportAndOpen } from '#stories/server/writes/report.ts'
import { hostReport, linkWord } from '#stories/story.ts'
import { audiencesOf } from '#weeks/server/reads.ts'
import { clusters, nameOf, type Audience } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language, viewer } = locals
  const page = await reportPage(db, viewer, params.token, now)
  if (!page) throw new Refusal('missing', 'refusal.link')
  const audiences = await audiencesOf(db, page.week)
  const told = page.report?.audiences ?? {}
  const offered = (one: Audience): boolean => !one.retired || Object.hasOwn(told, one.code)
  return {
    token: params.token,
    title: page.title,
    open: page.open,
    timing: page.timing,
    opens: {
      day: sayDay(page.day, language, true),
      time: page.zone === null ? '' : sayTime(localOf(page.from, page.zone)),
      zone: page.zone === null ? '' : sayZone(page.from, page.zone, language),
    },
    report: page.report,
    story: page.story,
    shown: page.shown,
    sent: url.searchParams.get('sent'),
    own: linkWord(url.searchParams.get('own')),
    groups: clusters
      .map((cluster) => ({
        code: cluster,
        finer: audiences
          .filter((audience) => audience.cluster === cluster && offered(audience))
          .map((audience) => ({ code: audience.code, label: nameOf(audience, language) })),
      }))
      .filter((group) => group.finer.length > 0),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: act(hostReport, reportAndOpen, ({ story, own, pictures }, event) =>
    own !== null && pictures
      ? `/stories/edit/${own}/pictures`
      : `/edit/${event.params['token']}/report?sent=${story ?? 'numbers'}${own === null ? '' : `&own=${own}`}`,
  ),
}
