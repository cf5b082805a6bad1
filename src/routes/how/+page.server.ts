import { currentWeek, kindsOf } from '#weeks/server/reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, language, now } = locals
  locals.keep()
  const week = await currentWeek(db, now)
  const kinds = week ? await kindsOf(db, week.year) : []
  const say = (words: Record<string, string>): string => words[language] ?? words['en'] ?? ''
  return {
    kinds: kinds
      .filter(({ retired }) => !retired)
      .map(({ code, names, hints, drawing }) => ({ code, name: say(names), hint: say(hints), drawing })),
  }
}
