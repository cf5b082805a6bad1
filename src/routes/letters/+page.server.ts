import { letterNumbers, noLetters } from '#letters/server/reads/numbers.ts'
import { asksOf, currentWeek } from '#weeks/server/reads.ts'
import { nameOf, wordsOf } from '#weeks/week.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { db, now, language } = locals
  const week = await currentWeek(db, now)
  locals.keep()
  if (!week) return { week: null, asks: [], numbers: noLetters }
  const [asks, numbers] = await Promise.all([asksOf(db, week.year), letterNumbers(db, week.year)])
  return {
    week: { name: week.name },
    asks: asks
      .filter((ask) => !ask.retired)
      .map((ask) => ({ code: ask.code, name: nameOf(ask, language), words: wordsOf(ask.words, language) })),
    numbers,
  }
}
