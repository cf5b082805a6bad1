import { missing } from '#kernel/refusal.ts'
import { addDays } from '#kernel/times.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { listWeeks } from '#weeks/server/reads.ts'
import { makeOwnWeek } from '#desk/server/example.ts'
import { weekInput } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  if (!mayChangeWeeks(locals.viewer)) throw missing()
  const weeks = await listWeeks(locals.db, locals.viewer)
  const last = weeks[0]
  const year = last ? last.year + 1 : locals.now.getUTCFullYear()
  const values: Record<string, string> = {
    year: String(year),
    // The same week of the year: 52 weeks later is a Monday again.
    monday: last ? addDays(last.monday, 364) : '',
    name: last ? last.name.replace(String(last.year), String(year)) : '',
    from: last ? String(last.year) : '',
  }
  return {
    formKey: crypto.randomUUID(),
    values,
    others: weeks.map((week) => ({ value: String(week.year), label: week.name })),
  }
}

export const actions: Actions = {
  default: act(
    weekInput,
    (db, viewer, input, now) => makeOwnWeek(db, viewer, { ...input, fresh: true }, now),
    (year) => `/desk/weeks/${year}`,
  ),
}
