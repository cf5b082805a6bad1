import * as v from 'valibot'
import {
  calendarFields,
  difference,
  seriesOf,
  townLine,
  whenInput,
  whenValues,
  type EditInput,
} from '#activities/edit.ts'
import type { Series, Timing } from '#activities/activity.ts'
import type { HostToken } from '#activities/host.ts'
import type { NewPlace } from '#activities/say.ts'
import { datesOf, lastThatFits, mostDates, type Change } from '#activities/series.ts'
import { occurrencesOf } from '#activities/server/reads/rsvp.ts'
import { whichOf } from '#activities/server/reads/edit.ts'
import { changeState, type WholeActivity } from '#activities/server/writes/change-state.ts'
import { asHost } from '#activities/server/writes/host.ts'
import { placeColumns, replaceDates, timeColumns } from '#activities/server/writes/place.ts'
import { placeOf, timingOf } from '#activities/server/writes/say.ts'
import { dateOf } from '#activities/timing.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import type { Language } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { findPlaces, placeNear } from '#platform/server/places.ts'
import { addJob } from '#platform/server/queue.ts'
import { audiencesOf, kindsOf } from '#weeks/server/reads.ts'

type Edit = EditInput & { language?: Language }

/** Changes what a host said. Refuses a form that is older than what stands there. Dates that stay keep their guests; of one that is listed the difference waits to be read; one that was asked about goes back to those who read. */
export const editActivity = (db: Db, viewer: Viewer, input: Edit, now: Date): Promise<HostToken> =>
  asHost(db, input.token, now, async ({ trx, activity }) => {
    if (activity.state === 'withdrawn' || activity.state === 'cancelled') {
      throw new Refusal('conflict', 'edit.refusal.gone')
    }
    if (input.revision !== activity.revision) throw new Refusal('conflict', 'refusal.stale', {}, 'revision')
    const place = await whereOf(trx, activity, input)
    const when = await whenOf(trx, activity, { input, place }, now)
    const words = await wordsOfEdit(trx, viewer, activity, input)
    const columns = { ...words, ...(await placeColumns(trx, place)) }
    const diff = difference(activity, {
      ...columns,
      ...(when && {
        ...when.columns,
        series: seriesOf(input),
        sortStart: activity.sortStart,
        lastEnd: activity.lastEnd,
      }),
    })
    const fields = Object.keys(diff)
    if (fields.length > 0) {
      await trx
        .updateTable('activities')
        .set({
          ...columns,
          ...when?.columns,
          updated: now,
          revision: activity.revision + 1,
          sequence: activity.sequence + (fields.some((field) => calendarFields.includes(field)) ? 1 : 0),
        })
        .where('id', '=', activity.id)
        .execute()
      if (when) await replaceDates(trx, activity.id, when.dates)
      await noteChange(trx, viewer, { activity, diff }, now)
    }
    if (activity.state === 'asked-for-more') {
      const back = { id: activity.id, to: 'waiting', mover: 'host', byLink: true } as const
      await changeState(trx, viewer, back, now)
    }
    return { token: input.token }
  })

/** Writes a difference into an activity's history, unread while everybody can see it, and tells those who come. */
export async function noteChange(
  trx: Trx,
  viewer: Viewer,
  {
    activity,
    diff,
    occurrence = null,
  }: { activity: WholeActivity; diff: Record<string, [unknown, unknown]>; occurrence?: string | null },
  now: Date,
): Promise<void> {
  const change = await trx
    .insertInto('activityChanges')
    .values({
      activity: activity.id,
      at: now,
      account: viewer.account,
      byHost: true,
      diff: JSON.stringify(diff),
      read: activity.state !== 'published' && activity.state !== 'by-link',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addJob(trx, 'activity.changed', {
    activity: activity.id,
    change: change.id,
    ...(occurrence !== null && { occurrence }),
  })
}

/** The columns that are simply words, after looking up what only the database knows. */
async function wordsOfEdit(trx: Trx, viewer: Viewer, activity: WholeActivity, input: Edit) {
  const kinds = await kindsOf(trx, activity.week)
  const kind = kinds.find((one) => one.code === input.kind && (!one.retired || one.code === activity.kind))
  if (!kind) throw new Refusal('invalid', 'input.choose', {}, 'kind')
  const audiences = new Set((await audiencesOf(trx, activity.week)).map((one) => one.code))
  if (!input.audiences.every((code) => audiences.has(code))) {
    throw new Refusal('invalid', 'input.choose', {}, 'audiences')
  }
  const group = input.group === null ? null : await groupBySlug(trx, viewer, input.group)
  if (input.group !== null && !group) throw new Refusal('invalid', 'input.choose', {}, 'group')
  const { title, mode, joinUrl, joinDetails, languages, access, signLanguages, welcome } = input
  const { capacity, onlineCapacity, takesRsvps, asksFirst } = input
  return {
    kind: kind.code,
    title,
    mode,
    joinUrl,
    joinDetails,
    languages,
    access,
    signLanguages,
    welcome,
    capacity,
    onlineCapacity,
    takesRsvps,
    asksFirst,
    audiences: input.audiences,
    summary: input.summary ?? '',
    description: input.description ?? '',
    arrive: input.arrive ?? '',
    hostName: input.hostName ?? '',
    group: group?.id ?? null,
  }
}

async function whereOf(trx: Trx, activity: WholeActivity, input: Edit): Promise<NewPlace | null> {
  if (input.mode === 'online' || input.mode === 'nowhere') return null
  const language = input.language ?? 'en'
  const stays =
    input.place === townLine(activity, language) &&
    (input.country === null || input.country === activity.country) &&
    activity.town !== null
  const found = stays
    ? { town: activity.town, country: activity.country, lat: activity.lat, lon: activity.lon, name: null }
    : (await placeOf(trx, { ...input, where: 'place' }, language)).place
  if (!found) throw new Refusal('invalid', 'say.where.needed', {}, 'place')
  const known = found.lat === null || (await findPlaces(trx, found.town ?? '', found.country)).length > 0
  if (input.private && !known) throw new Refusal('invalid', 'edit.refusal.town', {}, 'place')
  return {
    name: input.placeName ?? found.name,
    address: input.address,
    town: found.town,
    country: found.country,
    lat: found.lat,
    lon: found.lon,
    // A point that came with another name or street says nothing of this one.
    exact:
      stays && activity.exact && input.placeName === activity.placeName && input.address === activity.address,
    private: input.private,
    details: input.placeDetails,
  }
}

/** Answers the series of a form; refuses more dates than one may have, and says how far it can go. */
function fittingSeries(input: Edit, timing: Timing): Series | null {
  const series = seriesOf(input)
  const first = dateOf(timing)?.originalDay
  if (series === null || first === undefined) return series
  const last = lastThatFits(first, series)
  if (last === null) return series
  const params = { most: mostDates, last: sayDay(last, input.language ?? 'en', true) }
  const field = 'dates' in series ? 'dates' : 'until'
  throw new Refusal('invalid', 'edit.series.too-long', params, field)
}

/** The columns and dates of when, or null when nobody touched them: a day that has gone stays as it is. */
async function whenOf(
  trx: Trx,
  activity: WholeActivity,
  { input, place }: { input: Edit; place: NewPlace | null },
  now: Date,
) {
  const kept = await occurrencesOf(trx, activity.id)
  const before = v.parse(whenInput, whenValues(activity, whichOf(activity, kept)))
  const asked = Object.fromEntries(Object.keys(before).map((name) => [name, input[name as keyof EditInput]]))
  if (Object.keys(difference(before, asked)).length === 0) return null
  const near =
    place && place.lat !== null && place.lon !== null
      ? await placeNear(trx, { lat: place.lat, lon: place.lon })
      : null
  // What is on just now may still get another end.
  const fresh = (['when', 'timeDay', 'time', 'zone'] as const).some((name) => before[name] !== input[name])
  const about = { ...input, week: { monday: activity.monday }, fresh }
  const read = timingOf(about, near?.zone ?? null, now)
  const series = fittingSeries(input, read.timing)
  const changes: Change[] = kept
    .filter((date) => date.moved || date.status === 'cancelled')
    .map((date) => ({
      day: date.originalDay,
      to: date.moved ? (date.startLocal ?? date.startDay) : undefined,
      skipped: date.status === 'cancelled',
    }))
  const dates = datesOf(read.timing, series, series === null ? [] : changes, read.later)
  if (series !== null && dates.length < 2) throw new Refusal('invalid', 'edit.series.one', {}, 'until')
  return { dates, columns: timeColumns({ timing: read.timing, series }, dates, activity.monday) }
}
