import { sayBad, sayFilter } from '#activities/filter-words.ts'
import { addressOf, asksNothing, queryOf, type BadValue } from '#activities/filter.ts'
import { countCancelled } from '#activities/server/reads/cancelled.ts'
import { countriesOf } from '#activities/server/reads/counts.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { mapView } from '#activities/server/reads/map-view.ts'
import { weekCalendar } from '#activities/server/reads/calendar.ts'
import { nextChange } from '#activities/when.ts'
import { textIn } from '#kernel/messages.ts'
import { addDays } from '#kernel/times.ts'
import { placeNear } from '#platform/server/places.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import type { PageServerLoad } from './$types'
import { askedOf, goNear, nearAddress, viewOf } from './question.ts'

export const load: PageServerLoad = async (event) => {
  const { locals, url } = event
  const { db, language, now } = locals
  const text = textIn(language)
  const choice = await goNear(event, true)
  const asked = await askedOf(event)
  const { filter, week } = asked
  const unknown: BadValue[] =
    choice?.towns.length === 0 ? [{ name: 'place', value: choice.words, why: 'unknown' }] : []
  const bad = [...asked.bad, ...unknown]
  const view = viewOf(url)
  const [list, cancelled, kinds, countries, near] = await Promise.all([
    listActivities(db, asked, now),
    countCancelled(db, asked),
    week ? kindsOf(db, week.year) : [],
    week ? countriesOf(db, week.year) : [],
    filter.near ? placeNear(db, filter.near.lat, filter.near.lon) : null,
  ])
  const named = kinds.map((kind) => ({
    code: kind.code,
    name: kind.names[language] ?? kind.names['en'] ?? kind.code,
  }))
  const query = queryOf({ ...filter, page: 1 })
  const saying = { text, language, total: list.total }
  const map = view === 'map' && list.total > 0 ? await mapView(db, asked, saying) : null
  const calendar = view === 'calendar' && list.total > 0 ? await weekCalendar(db, asked, now) : null
  locals.keep(nextChange(list.activities, now))
  return {
    filter,
    view,
    query,
    words: sayFilter(filter, { kinds: named, place: near?.name ?? null, group: null }, text, language),
    plain: asksNothing(filter),
    near: near?.name ?? null,
    bad: bad.map((one) => ({
      name: one.name,
      value: one.value,
      words: one.name === 'place' ? text('activities.place.none', { words: one.value }) : sayBad(one, text),
    })),
    choice:
      choice && choice.towns.length > 0 ? { words: choice.words, towns: townsOf(choice.towns, url) } : null,
    week: week && {
      name: week.name,
      monday: week.monday,
      sunday: week.sunday,
      example: week.example,
      days: [0, 1, 2, 3, 4, 5, 6].map((count) => addDays(week.monday, count)),
    },
    kinds: named,
    countries,
    list,
    cancelled,
    map,
    calendar,
    canonical: addressOf('/activities', filter, { page: filter.page }),
    now,
  }
}

const townsOf = <Town extends Parameters<typeof nearAddress>[1]>(towns: readonly Town[], url: URL) =>
  towns.map((town) => ({ ...town, href: nearAddress(url, town) }))
