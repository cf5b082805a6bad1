import { calendarLinks, calendarTime } from '#activities/calendar-links.ts'
import { passOnLinks } from '#activities/pass-on.ts'
import { asSchemaOrg } from '#activities/schema-org.ts'
import { allFull, waysToJoin } from '#activities/seats.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { fullWays } from '#activities/server/reads/seats.ts'
import { townsAround } from '#activities/server/reads/map.ts'
import { townOf } from '#activities/view.ts'
import { nextChange, sayWhen } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { textIn } from '#kernel/messages.ts'
import { reviews } from '#kernel/viewer.ts'
import { dataElement } from '#kernel/words.ts'
import { storiesOfActivity } from '#stories/server/reads/wall.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, language, now } = locals
  const activity = await activityPage(db, params.slug, now, language)
  const text = textIn(language)
  const here = `${url.origin}/activities/${activity.slug}`
  const week = { from: activity.monday, to: activity.sunday }
  const when = sayWhen(activity, { text, language, monday: activity.monday })
  const where = sayWhere(townOf(activity), { text, language })
  const entry = {
    title: activity.title,
    details: [activity.summary, here].filter(Boolean).join('\n\n'),
    where: [activity.place?.name, where].filter(Boolean).join(', '),
    time: calendarTime(activity, week),
  }
  const { place } = activity
  const cancelled = activity.status === 'cancelled'
  const over = activity.lastEnd <= now
  const { [activity.slug]: full = [] } = await fullWays(db, [activity], now)
  locals.keep(nextChange(activity.occurrences, now))
  return {
    activity,
    when,
    where,
    over,
    stories: over ? await storiesOfActivity(db, activity.id, now) : [],
    mayCome: activity.takesRsvps && !cancelled && !over && waysToJoin(activity.mode).length > 0,
    full,
    allFull: allFull(activity.mode, full),
    calendars: cancelled ? null : calendarLinks(entry),
    passOn: passOnLinks(text('activity.pass-on.words', { title: activity.title, when }), here),
    here,
    atDesk: reviews(locals.viewer) ? `/desk/activities/${activity.id}` : null,
    towns:
      place && place.lat !== null && place.lon !== null
        ? await townsAround(db, { lat: place.lat, lon: place.lon }, 120)
        : [],
    machines: dataElement(asSchemaOrg(activity, { url: here, hostName: activity.hostName, week })),
    now,
  }
}
