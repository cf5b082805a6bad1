import * as v from 'valibot'
import { siteSettings } from '#site/server/reads.ts'
import { saveSettings } from '#site/server/writes.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import { weekState } from '#weeks/week.ts'
import { act } from '../../act.ts'
import { onlyOrganisers } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  onlyOrganisers(locals, 'done')
  const [settings, week] = await Promise.all([siteSettings(locals.db), currentWeek(locals.db, locals.now)])
  const state = weekState(week, locals.now).state
  return { setUp: settings.setUp, announced: state === 'before' || state === 'on' }
}

export const actions: Actions = {
  default: act(
    v.object({}),
    (db, viewer, _input, now) => saveSettings(db, viewer, { setUp: true }, now),
    () => '/desk',
  ),
}
