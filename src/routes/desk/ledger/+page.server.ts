import * as v from 'valibot'
import { openInput } from '#consent/permission.ts'
import { lookAtCopy, lookAtLedger } from '#consent/server/reads/ledger.ts'
import { openAfterReview, replayAgain } from '#consent/server/writes/opening.ts'
import { followLedger } from '#desk/server/following.ts'
import { sayDays } from '#kernel/times.ts'
import { siteStore } from '#platform/server/storage-site.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, viewer, language } = locals
  const { surfaces, there, ...look } = await lookAtLedger(db, viewer)
  const day = (moment: Date): string => moment.toISOString().slice(0, 10)
  const said = (moment: Date | null): string | null => moment && sayDays(day(moment), day(moment), language)
  const titles = await storyTitles(db, surfaces)
  const copy = look.closed ? await lookAtCopy(db, viewer, siteStore()) : null
  return {
    ...look,
    who: viewer.name || viewer.email,
    stories: [...titles].map(([id, title]) => ({ id, title })),
    there: there.map(({ newest, ...file }) => ({ ...file, newest: said(newest) })),
    copy: copy && { ...copy, newest: said(copy.newest) },
    tried: url.searchParams.has('tried'),
  }
}

export const actions: Actions = {
  again: act(v.object({}), replayAgain(siteStore(), followLedger), () => '/desk/ledger?tried'),
  open: act(openInput, openAfterReview(siteStore(), followLedger), () => '/desk/ledger'),
}
