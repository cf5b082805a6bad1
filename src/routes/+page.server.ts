import { noFilter } from '#activities/filter.ts'
import { countsOf } from '#activities/server/reads/counts.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { textIn } from '#kernel/messages.ts'
import { nextThree } from '#stories/server/reads/home.ts'
import { newestStories, nextAppearance } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { currentWeek, kindsOf, verbsOf } from '#weeks/server/reads.ts'
import { nameOf, weekState } from '#weeks/week.ts'
import { sayStanding, sayWeekDays } from './home-words.ts'
import type { PageServerLoad } from './$types'

/** The verbs of the call that need no date, no room and no guests. */
const quick = ['tell', 'show', 'write', 'display']

export const load: PageServerLoad = async ({ locals }) => {
  const { db, now, language } = locals
  const text = textIn(language)
  const week = await currentWeek(db, now)
  if (!week) {
    locals.keep()
    return { week: null, now, language }
  }
  const filter = { ...noFilter, week: week.year }
  const [counts, next, kinds, verbs, stories, appears] = await Promise.all([
    countsOf(db, week.year),
    nextThree(db, week, now),
    kindsOf(db, week.year),
    verbsOf(db, week.year),
    newestStories(db, week.year, 3, now),
    nextAppearance(db, now),
  ])
  const map = await mapView(db, { filter, week }, { text, language, total: counts.activities })
  locals.keep(appears)
  return {
    now,
    language,
    week: {
      year: week.year,
      name: week.name,
      days: sayWeekDays(week, language),
      standing: sayStanding(week, counts.countries, now, text),
      state: weekState(week, now).state,
    },
    filter,
    map,
    sum: text('home.sum', { activities: counts.activities, countries: counts.countries }),
    next,
    stories: stories.map((story) => cardOf(story, text, language)),
    quick: verbs
      .filter((verb) => quick.includes(verb.code))
      .map((verb) => ({
        code: verb.code,
        name: nameOf(verb, language),
        words: verb.tenMinutes[language] ?? verb.tenMinutes['en'] ?? '',
        kind: verb.kind,
        drawing: kinds.find((kind) => kind.code === verb.kind)?.drawing ?? 'other',
      })),
  }
}
