import { textIn } from '#kernel/messages.ts'
import { noNumbers } from '#stories/counts.ts'
import { numbersOfWeeks } from '#stories/server/reads/counts.ts'
import { listWeeks } from '#weeks/server/reads.ts'
import { sayStanding, sayWeekDays } from '../home-words.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, now, language, viewer } = locals
  locals.keep()
  const text = textIn(language)
  const [weeks, numbers] = await Promise.all([listWeeks(db, viewer), numbersOfWeeks(db, now)])
  return {
    weeks: weeks.map((week) => ({
      year: week.year,
      name: week.name,
      theme: week.theme,
      days: sayWeekDays(week, language),
      standing: week.state === 'draft' ? text('weeks.state.draft') : sayStanding(week, 0, now, text),
      /** Null for a week from before these pages counted. */
      numbers: numbers.get(week.year) ?? (week.state === 'closed' ? null : noNumbers),
    })),
  }
}
