import { textIn } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { homeWorld, type HomeWorld } from '#stories/server/reads/home.ts'
import { newestStories, nextAppearance } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { currentWeek } from '#weeks/server/reads.ts'
import { nameOf, weekState, type Week } from '#weeks/week.ts'
import { pinsOf, sayStanding, sayWeekDays, sayWorld } from './home-words.ts'
import type { PageServerLoad } from './$types'

/** What happens around the planet is counted afresh every ten seconds, whoever asks: at a million activities counting costs more than all the rest of the page. Stories are never kept here, so that a hidden one is gone at once. */
const countedFor = 10_000
let counted: { db: Db; year: number; until: number; world: Promise<HomeWorld> } | undefined

function worldOf(db: Db, week: Week, now: Date): { world: Promise<HomeWorld>; until: number } {
  if (counted?.db !== db || counted.year !== week.year || counted.until <= now.getTime()) {
    const world = homeWorld(db, week, now)
    counted = { db, year: week.year, until: now.getTime() + countedFor, world }
    world.catch(() => {
      counted = undefined
    })
  }
  return counted
}

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
  const { world, until } = worldOf(db, week, now)
  const [{ countries, next, kinds, verbs }, stories, appears] = await Promise.all([
    world,
    newestStories(db, week.year, 3, now),
    nextAppearance(db, now),
  ])
  locals.keep(new Date(Math.min(until, appears?.getTime() ?? until)))
  const placed = countries.filter((one) => one.country !== null)
  return {
    now,
    language,
    week: {
      year: week.year,
      name: week.name,
      days: sayWeekDays(week, language),
      standing: sayStanding(week, placed.length, now, text),
      state: weekState(week, now).state,
    },
    map: {
      words: sayWorld(countries, text, language),
      pins: pinsOf(countries, week.year, text, language),
    },
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
