import { noFilter } from '#activities/filter.ts'
import { countsOf } from '#activities/server/reads/counts.ts'
import { listActivities } from '#activities/server/reads/list.ts'
import { countriesOnNow } from '#activities/server/reads/on-now.ts'
import { isMessageKey, textIn, type Text } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { dataElement } from '#kernel/words.ts'
import { proseOf } from '#site/prose.ts'
import { siteSettings } from '#site/server/reads.ts'
import type { NewPeople } from '#stories/counts.ts'
import {
  activitiesByDay,
  activitiesByKind,
  newPeopleOf,
  numbersOfWeek,
} from '#stories/server/reads/counts.ts'
import { newestStories } from '#stories/server/reads/wall.ts'
import { cardOf } from '#stories/words.ts'
import { asSchemaOrg } from '#weeks/schema-org.ts'
import { kindsOf, weekByYear } from '#weeks/server/reads.ts'
import { daysOf, drawingsOf, nameOf, sourceOf, weekState } from '#weeks/week.ts'
import { sayStanding, sayWeekDays } from '../../home-words.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, now, language, viewer } = locals
  const year = /^\d{4}$/.test(params.year) ? Number(params.year) : 0
  const week = await weekByYear(db, viewer, year)
  if (!week) throw missing()
  locals.keep()
  const text = textIn(language)
  const [numbers, kinds, byKind, byDay, people, list, stories, site] = await Promise.all([
    numbersOfWeek(db, year, now),
    kindsOf(db, year),
    activitiesByKind(db, year),
    activitiesByDay(db, week),
    newPeopleOf(db, year),
    listActivities(db, { filter: { ...noFilter, week: year, limit: 6 }, week }, now),
    newestStories(db, year, 6, now),
    siteSettings(db),
  ])
  const { byCountry } = await countsOf(db, year)
  const counted = numbers.activities > 0 || numbers.stories > 0 || week.state === 'announced'
  const names = new Map(kinds.map((kind) => [kind.code, nameOf(kind, language)]))
  const about = {
    url: `${url.origin}/weeks/${year}`,
    organiser: site.organiser,
    everywhere: text('weeks.everywhere'),
  }
  return {
    machines: week.state === 'draft' ? '' : dataElement(asSchemaOrg(week, about)),
    now,
    language,
    week: {
      year,
      name: week.name,
      days: sayWeekDays(week, language),
      standing: sayStanding(week, await countriesOnNow(db, week, byCountry, now), now, text),
      theme: week.theme,
      hashtag: week.hashtag,
      kit: ['before', 'on'].includes(weekState(week, now).state),
      announcement: week.announcement && proseOf(week.announcement),
      known: week.known && proseOf(week.known),
      source: sourceOf(week.source),
    },
    numbers: counted ? numbers : null,
    kinds: byKind.map((one) => ({
      label: names.get(one.kind) ?? one.kind,
      value: one.activities,
      href: `/activities?week=${year}&kind=${one.kind}`,
    })),
    days: daysOf(week).map((day, place) => ({
      day,
      label: sayDay(day, language),
      theme: week.dayThemes[place] ?? null,
      value: byDay.find((one) => one.day === day)?.activities ?? 0,
    })),
    people: people === 'too-few' ? people : barsOf(people, text),
    activities: list.activities,
    drawings: drawingsOf(kinds),
    stories: stories.map((story) => cardOf(story, text, language)),
  }
}

const barsOf = (people: readonly NewPeople[], text: Text) =>
  people.map(({ cluster, people: value }) => ({ label: sayCluster(cluster, text), value }))

function sayCluster(cluster: string, text: Text): string {
  const key = `stories.who.${cluster}`
  return isMessageKey(key) ? text(key) : cluster
}
