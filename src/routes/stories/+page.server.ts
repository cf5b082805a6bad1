import { textIn } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import { narrows, readFilter } from '#stories/filter.ts'
import { nextAppearance, storiesOf, storyFacets, type StoryFacets } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import type { Db } from '#platform/server/db.ts'
import { kindsOf, pastWeeks } from '#weeks/server/reads.ts'
import { isArchive, nameOf } from '#weeks/week.ts'
import { asArchives } from '../home-words.ts'
import { weekAsked } from './asked.ts'
import type { PageServerLoad } from './$types'

/** How far stories are counted for the line above them. */
const most = 1000

/** What one can choose by is looked up afresh every ten seconds: it says nothing of a single story, and reads a whole week. */
const chosenFor = 10_000
let chosen: { db: Db; year: number; until: number; facets: Promise<StoryFacets> } | undefined

function facetsOf(db: Db, year: number, now: Date): Promise<StoryFacets> {
  if (chosen?.db !== db || chosen.year !== year || chosen.until <= now.getTime()) {
    const facets = storyFacets(db, year, now)
    chosen = { db, year, until: now.getTime() + chosenFor, facets }
    facets.catch(() => {
      chosen = undefined
    })
  }
  return chosen.facets
}

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, now, language } = locals
  const text = textIn(language)
  const { filter, bad } = readFilter(url.searchParams)
  const asked = await weekAsked(locals, filter)
  const open = filter.week === null && (asked === null || isArchive(asked, now))
  const week = open ? null : asked
  locals.keep(await nextAppearance(db, now))
  const year = week?.year ?? filter.week ?? 0
  const [wall, facets, kinds] = await Promise.all([
    storiesOf(db, { ...filter, week: year }, now, { most }),
    facetsOf(db, year, now),
    kindsOf(db, year),
  ])
  return {
    open: open && asArchives(await pastWeeks(db, now), '/stories', language),
    week: week && { year: week.year, name: week.name },
    filter,
    narrowed: narrows(filter),
    bad: bad.map(({ name, value }) => ({ name, value })),
    stories: wall.stories.map((story) => cardOf(story, text, language)),
    count: text(wall.total === most ? 'stories.wall.many' : 'stories.wall.count', { count: wall.total }),
    pages: wall.pages,
    choices: {
      kinds: kinds
        .filter((kind) => facets.kinds.includes(kind.code))
        .map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
      countries: facets.countries
        .map((code) => ({ value: code, label: sayCountry(code, language) }))
        .toSorted((one, other) => one.label.localeCompare(other.label, language)),
      groups: facets.groups.map((group) => ({ value: group.slug, label: group.name })),
    },
  }
}
