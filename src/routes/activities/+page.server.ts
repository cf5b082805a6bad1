import { sayBad, sayFilter } from '#activities/filter-words.ts'
import { addressOf, asksNothing, queryOf, type BadValue } from '#activities/filter.ts'
import { countCancelled } from '#activities/server/reads/cancelled.ts'
import { countriesOf, weeksListed } from '#activities/server/reads/counts.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { fullWays } from '#activities/server/reads/seats.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { weekCalendar } from '#activities/server/reads/calendar.ts'
import { nextChange } from '#activities/when.ts'
import { otherScript } from '#activities/where.ts'
import { textIn, type Text } from '#kernel/messages.ts'
import { placeNear } from '#platform/server/places.ts'
import { kindsOf, pastWeeks } from '#weeks/server/reads.ts'
import { daysOf, drawingsOf, isArchive, nameOf, type Week } from '#weeks/week.ts'
import { keptBriefly } from '../kept-briefly.ts'
import type { PageServerLoad } from './$types'
import { asArchives } from '../home-words.ts'
import { askedOf, goNear, nearAddress, viewOf, type Asked } from './question.ts'

/** How far what was found is counted for the line above a list; beside a map and a calendar everything is counted. */
const most = 1000

/** What one can choose by, of a whole week. */
type Choices = {
  kinds: { code: string; name: string }[]
  drawings: Record<string, string>
  countries: string[]
}
const none: Choices = { kinds: [], drawings: {}, countries: [] }
const choices = keptBriefly<Choices>()

async function readChoices({ db, language }: App.Locals, year: number): Promise<Choices> {
  const [kinds, countries] = await Promise.all([kindsOf(db, year), countriesOf(db, year)])
  return {
    kinds: kinds.map((kind) => ({ code: kind.code, name: nameOf(kind, language) })),
    drawings: drawingsOf(kinds),
    countries,
  }
}

export const load: PageServerLoad = async (event) => {
  const { locals, url } = event
  const { db, language, now } = locals
  const text = textIn(language)
  const choice = await goNear(event)
  const answer = await askedOf(event)
  const open = noDate(answer, now)
  const asked = open ? { ...answer, week: null } : answer
  const { filter, week } = asked
  const unknown: BadValue[] =
    choice?.towns.length === 0 ? [{ name: 'place', value: choice.words, why: 'unknown' }] : []
  const bad = [...asked.bad, ...unknown]
  const view = viewOf(url)
  const kept = week && choices(`${week.year} ${language}`, now, () => readChoices(locals, week.year))
  const [list, chooseBy, near] = await Promise.all([
    listActivities(db, asked, now, view === 'list' ? { most } : {}),
    kept?.value ?? none,
    filter.near ? placeNear(db, filter.near, filter.town) : null,
  ])
  // Where there are more than were counted, nobody counts those that are off either.
  const cancelled = list.more ? 0 : await countCancelled(db, asked)
  const query = queryOf({ ...filter, page: 1 })
  const saying = { text, language, total: list.total - cancelled }
  const map = view === 'map' && list.total > 0 ? await mapView(db, asked, saying) : null
  const calendar = view === 'calendar' && list.total > 0 ? await weekCalendar(db, asked, now) : null
  const full = await fullWays(db, view === 'list' ? list.activities : [], now)
  locals.keep(nextChange(list.activities, now))
  locals.keep(kept?.until)
  return {
    filter,
    view,
    query,
    words: sayFilter(
      filter,
      { kinds: chooseBy.kinds, place: near?.name ?? null, group: null },
      text,
      language,
    ),
    plain: asksNothing(filter),
    near: near?.name ?? null,
    bad: bad.map((one) => ({
      name: one.name,
      value: one.value,
      words: one.name === 'place' ? unknownTown(one.value, text) : sayBad(one, text),
    })),
    choice:
      choice && choice.towns.length > 0 ? { words: choice.words, towns: townsOf(choice.towns, url) } : null,
    week: week && weekShown(week, now),
    ...chooseBy,
    open: open && (await archives(locals)),
    list,
    full,
    cancelled,
    map,
    calendar,
    canonical: addressOf('/activities', filter, { page: filter.page }),
    now,
  }
}

const unknownTown = (words: string, text: Text): string =>
  text(otherScript(words) ? 'activities.place.script' : 'activities.place.none', { words })

const weekShown = (week: Week, now: Date) => ({
  year: week.year,
  name: week.name,
  monday: week.monday,
  sunday: week.sunday,
  example: week.example,
  archive: isArchive(week, now),
  days: daysOf(week),
})

/** Whether what is asked is about a week whose date nobody knows yet: neither a week nor days are named, and the newest week is an archive. */
const noDate = ({ filter, week }: Asked, now: Date): boolean =>
  filter.week === null &&
  filter.from === null &&
  filter.to === null &&
  (week === null || isArchive(week, now))

async function archives({ db, now, language }: App.Locals) {
  const [weeks, kept] = await Promise.all([pastWeeks(db, now), weeksListed(db)])
  return asArchives(weeks, { path: '/activities', kept, language })
}

const townsOf = <Town extends Parameters<typeof nearAddress>[1]>(towns: readonly Town[], url: URL) =>
  towns.map((town) => ({ ...town, href: nearAddress(url, town) }))
