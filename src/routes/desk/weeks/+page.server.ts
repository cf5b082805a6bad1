import { missing } from '#kernel/refusal.ts'
import { sayDays } from '#kernel/times.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { countWishes, listWeeks } from '#weeks/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  if (!mayChangeWeeks(locals.viewer)) throw missing()
  const [weeks, wishes] = await Promise.all([listWeeks(locals.db, locals.viewer), countWishes(locals.db)])
  return {
    wishes,
    weeks: weeks.map((week) => ({
      year: week.year,
      name: week.name,
      state: week.state,
      days: sayDays(week.monday, week.sunday, locals.language),
    })),
  }
}
