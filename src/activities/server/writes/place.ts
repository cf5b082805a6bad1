import type { NewActivity, NewPlace } from '#activities/say.ts'
import { datesOf } from '#activities/series.ts'
import type { DateRow } from '#activities/timing.ts'
import { addDays, dayBeginsSomewhere, dayEndsEverywhere, type Day } from '#kernel/times.ts'
import { plainWords, slugOf } from '#kernel/words.ts'
import type { Trx } from '#platform/server/db.ts'
import { findPlaces } from '#platform/server/places.ts'
import { shortCode } from '#platform/server/tokens.ts'

/** Answers the columns of where: of a private place the public point is its town's. Throws when a private place has no town that is known. */
export async function placeColumns(trx: Trx, place: NewPlace | null) {
  const town = place?.private ? await townOf(trx, place) : undefined
  if (place?.private && place.lat !== null && !town)
    throw new Error('A private place needs a town that is known')
  const own = place ? { lat: place.lat, lon: place.lon } : { lat: null, lon: null }
  const shown = place?.private ? { lat: town?.lat ?? null, lon: town?.lon ?? null } : own
  return {
    placeName: place?.name ?? null,
    address: place?.address ?? null,
    town: place?.town ?? null,
    country: place?.country ?? null,
    ...own,
    exact: place !== null && place.lat !== null && place.exact,
    privatePlace: place?.private ?? false,
    publicLat: shown.lat,
    publicLon: shown.lon,
    placeDetails: place?.details ?? null,
  }
}

/** The town of a place; where a country has several of its name, the one that the place is nearest to. */
async function townOf(trx: Trx, { town, country, lat, lon }: NewPlace) {
  const towns = town ? await findPlaces(trx, town, country) : []
  const same = towns.filter((one) => plainWords(one.name) === plainWords(town ?? ''))
  const meant = same.length > 0 ? same : towns.slice(0, 1)
  if (lat === null || lon === null) return meant[0]
  const away = (one: { lat: number; lon: number }): number =>
    (one.lat - lat) ** 2 + ((one.lon - lon) * Math.cos((lat * Math.PI) / 180)) ** 2
  return meant.toSorted((a, b) => away(a) - away(b))[0]
}

/** Answers the columns of when, and over which instants the activity reaches: "some time this week" as long as the week is open anywhere. */
export function timeColumns(activity: Pick<NewActivity, 'timing' | 'series'>, dates: DateRow[], monday: Day) {
  const { timing } = activity
  const on = dates.some((date) => date.status === 'on') ? dates.filter((date) => date.status === 'on') : dates
  const starts = on.map((date) => date.starts.getTime())
  const ends = on.map((date) => date.ends.getTime())
  const clock = timing.timing === 'time' ? timing : null
  const days = timing.timing === 'day' ? timing : null
  return {
    timing: timing.timing,
    startDay: days?.day ?? clock?.start.slice(0, 10) ?? null,
    endDay: days?.endDay ?? null,
    startLocal: clock?.start ?? null,
    endLocal: clock?.end ?? null,
    zone: clock?.zone ?? null,
    series: activity.series === null ? null : JSON.stringify(activity.series),
    sortStart: starts.length > 0 ? new Date(Math.min(...starts)) : dayBeginsSomewhere(monday),
    lastEnd: ends.length > 0 ? new Date(Math.max(...ends)) : dayEndsEverywhere(addDays(monday, 6)),
  }
}

/** Answers an address for an activity that no other has: its title and town in Latin letters, else its kind, and a short ending. */
export const newSlug = (activity: Pick<NewActivity, 'title' | 'kind' | 'place'>): string => {
  const town = activity.place?.town ?? ''
  const named = plainWords(activity.title).includes(plainWords(town))
  const words = slugOf(named ? activity.title : `${activity.title} ${town}`) || activity.kind
  return `${words}-${shortCode(5)}`
}

/** Puts a whole activity into its tables: the one place that does. The caller has checked who may. */
export async function placeActivity(
  trx: Trx,
  activity: NewActivity,
  now: Date,
): Promise<{ id: string; slug: string }> {
  const { monday } = await trx
    .selectFrom('weeks')
    .select('monday')
    .where('year', '=', activity.week)
    .executeTakeFirstOrThrow()
  const { slug, place, hosts, changes, later, timing, series, ...same } = activity
  const dates = datesOf(timing, series, changes, later)
  const made = await trx
    .insertInto('activities')
    .values({
      ...same,
      ...(await placeColumns(trx, place)),
      ...timeColumns(activity, dates, monday),
      slug: slug ?? newSlug(activity),
      created: now,
      updated: now,
    })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()
  if (dates.length > 0) {
    await trx
      .insertInto('occurrences')
      .values(dates.map((date) => ({ ...date, activity: made.id })))
      .execute()
  }
  if (hosts.length > 0) {
    await trx
      .insertInto('hosts')
      .values(
        hosts.map((host) => ({ ...host, email: host.email.toLowerCase(), activity: made.id, created: now })),
      )
      .execute()
  }
  return made
}

type KeptDate = { id: string; originalDay: Day; status: string }

/** Which new date each kept one becomes: the one of the same day. When no day stays and there are as many, the whole was moved, and each goes along in its order. */
export function pairDates<Kept extends KeptDate>(
  kept: readonly Kept[],
  dates: readonly DateRow[],
): Map<string, DateRow> {
  const stays = new Map(
    kept.flatMap((row) => {
      const date = dates.find((one) => one.originalDay === row.originalDay)
      return date ? [[row.id, date] as const] : []
    }),
  )
  if (stays.size > 0) return stays
  const alive = kept.length === dates.length ? kept : kept.filter((row) => row.status === 'on')
  if (alive.length !== dates.length) return stays
  return new Map(dates.map((date, at) => [alive[at]?.id ?? '', date]))
}

/** Lays the dates of an activity anew after its timing or series changed: dates that stay, or that move with the whole, keep their row, so that whoever comes to them still does; those that are gone are called off when somebody comes, else removed. */
export async function replaceDates(trx: Trx, id: string, dates: DateRow[]): Promise<void> {
  const kept = await trx
    .selectFrom('occurrences')
    .select(['id', 'originalDay', 'status'])
    .where('activity', '=', id)
    .orderBy('originalDay')
    .forUpdate()
    .execute()
  const pairs = pairDates(kept, dates)
  const gone = kept.filter((row) => !pairs.has(row.id)).map((row) => row.id)
  await callOff(trx, gone)
  for (const [row, date] of pairs) {
    await trx.updateTable('occurrences').set(date).where('id', '=', row).execute()
  }
  const fresh = dates.filter((date) => ![...pairs.values()].includes(date))
  if (fresh.length > 0) {
    await trx
      .insertInto('occurrences')
      .values(fresh.map((date) => ({ ...date, activity: id })))
      .execute()
  }
}

async function callOff(trx: Trx, gone: readonly string[]): Promise<void> {
  if (gone.length === 0) return
  await trx
    .deleteFrom('occurrences')
    .where('id', 'in', gone)
    .where((on) =>
      on.not(
        on.exists(
          on.selectFrom('rsvps').select('rsvps.id').whereRef('rsvps.occurrence', '=', 'occurrences.id'),
        ),
      ),
    )
    .execute()
  await trx.updateTable('occurrences').set({ status: 'cancelled' }).where('id', 'in', gone).execute()
}
