import { sayDays } from '#kernel/times.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import { askToBeTold } from '#weeks/server/writes/wishes.ts'
import { weekState, wishInput } from '#weeks/week.ts'
import { act } from '../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const week = await currentWeek(locals.db, locals.now)
  const dated = week !== null && weekState(week, locals.now).state !== 'over'
  return {
    formKey: crypto.randomUUID(),
    week: dated ? { name: week.name, days: sayDays(week.monday, week.sunday, locals.language) } : null,
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      wishInput,
      async (db, viewer, input, now) => {
        await askToBeTold(db, viewer, { ...input, client: event.getClientAddress() }, now)
        return input.email
      },
      (email) => ({ sent: email }),
    )(event),
}
