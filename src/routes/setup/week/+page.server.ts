import { sayDays } from '#kernel/times.ts'
import { listWeeks } from '#weeks/server/reads.ts'
import { makeOwnWeek } from '#desk/server/example.ts'
import { setUpWeekInput } from '#weeks/week.ts'
import { act } from '../../act.ts'
import { onlyOrganisers, stepAddress } from '../steps.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  onlyOrganisers(locals, 'week')
  const weeks = await listWeeks(locals.db, locals.viewer)
  const today = locals.now.toISOString().slice(0, 10)
  return {
    formKey: crypto.randomUUID(),
    coming: weeks
      .filter((week) => week.sunday >= today && !week.example)
      .map((week) => ({
        year: week.year,
        name: week.name,
        state: week.state,
        days: sayDays(week.monday, week.sunday, locals.language),
      })),
    from: String(weeks.find((week) => !week.example)?.year ?? ''),
  }
}

export const actions: Actions = {
  default: act(
    setUpWeekInput,
    (db, viewer, input, now) => makeOwnWeek(db, viewer, { ...input, fresh: true }, now),
    () => stepAddress('people'),
  ),
}
