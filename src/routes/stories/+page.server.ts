import { sayBad } from '#activities/filter-words.ts'
import { textIn } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import { narrows, noFilter } from '#stories/filter.ts'
import { weeksTold } from '#stories/server/reads/counts.ts'
import { countStories, storiesOf, storyFacets } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { kindsOf, pastWeeks } from '#weeks/server/reads.ts'
import { isArchive, nameOf } from '#weeks/week.ts'
import { asArchives } from '../home-words.ts'
import { keptBriefly } from '../kept-briefly.ts'
import { storiesAsked } from './asked.ts'
import type { PageServerLoad } from './$types'

/** How far stories are counted for the line above them. */
const most = 1000

/** What one can choose by, and how many stories there are, of a whole week. */
type Choice = { value: string; label: string }
type Whole = { kinds: Choice[]; countries: Choice[]; groups: Choice[]; total: number }
const wholeWeek = keptBriefly<Whole>()

async function readWhole({ db, language, now }: App.Locals, year: number): Promise<Whole> {
  const [facets, kinds, total] = await Promise.all([
    storyFacets(db, year, now),
    kindsOf(db, year),
    countStories(db, { ...noFilter, week: year }, now, most),
  ])
  return {
    total,
    kinds: kinds
      .filter((kind) => facets.kinds.includes(kind.code))
      .map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    countries: facets.countries
      .map((code) => ({ value: code, label: sayCountry(code, language) }))
      .toSorted((one, other) => one.label.localeCompare(other.label, language)),
    groups: facets.groups.map((group) => ({ value: group.slug, label: group.name })),
  }
}

async function archives({ db, now, language }: App.Locals) {
  const [weeks, kept] = await Promise.all([pastWeeks(db, now), weeksTold(db, now)])
  return asArchives(weeks, { path: '/stories', kept, language })
}

export const load: PageServerLoad = async (event) => {
  const { locals } = event
  const { db, now, language } = locals
  const text = textIn(language)
  const { filter, bad, week: asked } = await storiesAsked(event)
  const open = filter.week === null && (asked === null || isArchive(asked, now))
  const week = open ? null : asked
  const year = week?.year ?? 0
  const kept = wholeWeek(`${year} ${language}`, now, () => readWhole(locals, year))
  const total = narrows(filter) ? {} : { total: kept.value.then((all) => all.total) }
  const [wall, { kinds, countries, groups }] = await Promise.all([
    storiesOf(db, { ...filter, week: year }, now, { most, ...total }),
    kept.value,
  ])
  locals.keep(kept.until)
  return {
    open: open && (await archives(locals)),
    week: week && { year: week.year, name: week.name, archive: isArchive(week, now) },
    filter,
    narrowed: narrows(filter),
    bad: bad.map((one) => sayBad(one, text)),
    stories: wall.stories.map((story) => cardOf(story, text, language)),
    count: text(wall.total === most ? 'stories.wall.many' : 'stories.wall.count', { count: wall.total }),
    pages: wall.pages,
    choices: { kinds, countries, groups },
  }
}
