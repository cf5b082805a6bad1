import { noFilter } from '#activities/filter.ts'
import { countsOf, type WeekCounts } from '#activities/server/reads/counts.ts'
import { countriesOnNow } from '#activities/server/reads/on-now.ts'
import { mapView, type MapView } from '#activities/server/reads/map-view.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { nextThree } from '#activities/server/reads/next.ts'
import { fullWays } from '#activities/server/reads/seats.ts'
import { newestStories } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { kindsOf, verbsOf, weekInSight } from '#weeks/server/reads.ts'
import { drawingsOf, nameOf, weekState, type Kind, type Verb, type Week } from '#weeks/week.ts'
import { sayStanding, sayWeekDays } from './home-words.ts'
import { keptBriefly } from './kept-briefly.ts'
import type { PageServerLoad } from './$types'

/** The map and the week's own lists. */
type Around = { counts: WeekCounts; onNow: number; map: MapView; kinds: Kind[]; verbs: Verb[] }
const around = keptBriefly<Around>()

async function readAround(db: Db, week: Week, language: Language, now: Date): Promise<Around> {
  const [counts, kinds, verbs] = await Promise.all([
    countsOf(db, week.year),
    kindsOf(db, week.year),
    verbsOf(db, week.year),
  ])
  const onNow = await countriesOnNow(db, week, counts.byCountry, now)
  const question = { filter: { ...noFilter, week: week.year }, week }
  const map = await mapView(db, question, { text: textIn(language), language, total: counts.activities })
  return { counts, onNow, map, kinds, verbs }
}

export const load: PageServerLoad = async ({ locals }) => {
  const { db, now, language } = locals
  const text = textIn(language)
  const week = await weekInSight(db, now)
  if (!week) {
    locals.keep()
    return { week: null, now, language }
  }
  const kept = around(`${week.year} ${language}`, now, () => readAround(db, week, language, now))
  const [{ counts, onNow, map, kinds, verbs }, next, stories] = await Promise.all([
    kept.value,
    nextThree(db, week, now),
    newestStories(db, week.year, 3, now),
  ])
  locals.keep(kept.until)
  return {
    now,
    language,
    week: {
      year: week.year,
      name: week.name,
      days: sayWeekDays(week, language),
      standing: sayStanding(week, onNow, now, text),
      state: weekState(week, now).state,
    },
    filter: { ...noFilter, week: week.year },
    map,
    sum: text('home.sum', { activities: counts.activities, countries: counts.countries }),
    next,
    full: await fullWays(db, next.activities, now),
    drawings: drawingsOf(kinds),
    stories: stories.map((story) => cardOf(story, text, language)),
    quick: verbs
      .filter((verb) => verb.onHome && !verb.retired)
      .filter((verb) => kinds.some((kind) => kind.code === verb.kind && !kind.retired))
      .map((verb) => ({
        code: verb.code,
        name: nameOf(verb, language),
        words: verb.tenMinutes[language] ?? verb.tenMinutes['en'] ?? '',
        kind: verb.kind,
        drawing: kinds.find((kind) => kind.code === verb.kind)?.drawing ?? 'other',
      })),
  }
}
