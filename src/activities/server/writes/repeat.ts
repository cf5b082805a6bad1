import type { Series, Timing } from '#activities/activity.ts'
import type { RepeatInput } from '#activities/host.ts'
import { plainActivity, type NewActivity } from '#activities/say.ts'
import type { WholeActivity } from '#activities/server/writes/change-state.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { asHost, type Held } from '#activities/server/writes/host.ts'
import { placeActivity } from '#activities/server/writes/place.ts'
import { Refusal } from '#kernel/refusal.ts'
import { addDays, dayOf, daysBetween, type Day } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { kindsOf } from '#weeks/server/reads.ts'

type NextWeek = { year: number; monday: Day }

/** Copies an activity into the next announced week, on the same days of that week, where nobody sees it until its host puts it on the list, and answers the word of the host's link to it. Pressing again answers the same copy. Refuses while there is no such week. */
export const repeatActivity = (
  db: Db,
  _viewer: Viewer,
  input: RepeatInput,
  now: Date,
): Promise<{ token: string }> =>
  asHost(db, input.token, now, async (held) => {
    const { trx, activity, host } = held
    const week = await weekAfter(trx, activity, now)
    if (!week) throw new Refusal('conflict', 'edit.repeat.none')
    const there = await trx
      .selectFrom('activities')
      .innerJoin('hosts', 'hosts.activity', 'activities.id')
      .select('activities.id')
      .where('activities.repeats', '=', activity.id)
      .where('activities.week', '=', week.year)
      .where('hosts.email', '=', host.email)
      .executeTakeFirst()
    const id = there?.id ?? (await copyInto(held, week, now))
    const { lastEnd } = await trx
      .selectFrom('activities')
      .select('lastEnd')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const link = await newHostLink(trx, { activity: id, email: host.email, lastEnd }, now)
    return { token: link.slice(link.lastIndexOf('/') + 1) }
  })

const weekAfter = (trx: Trx, activity: WholeActivity, now: Date): Promise<NextWeek | undefined> =>
  trx
    .selectFrom('weeks')
    .select(['year', 'monday'])
    .where('state', '=', 'announced')
    .where('monday', '>', activity.monday)
    .where('monday', '>=', addDays(dayOf(now, 'Etc/GMT+12'), -6))
    .orderBy('monday')
    .limit(1)
    .executeTakeFirst()

async function copyInto({ trx, activity, host }: Held, week: NextWeek, now: Date) {
  const kinds = await kindsOf(trx, week.year)
  const kept = kinds.some((kind) => kind.code === activity.kind && !kind.retired)
  const made = await placeActivity(
    trx,
    {
      ...copyOf(activity, daysBetween(activity.monday, week.monday)),
      week: week.year,
      kind: kept ? activity.kind : 'other',
      hosts: [{ email: host.email, name: host.name, part: 'host', confirmed: now }],
    },
    now,
  )
  return made.id
}

/** Answers a copy of an activity whose days lie so many days later. Guests, co-hosts and single changed dates are not copied. */
function copyOf(activity: WholeActivity, days: number): Omit<NewActivity, 'hosts'> {
  const { title, summary, description, mode, joinUrl, joinDetails, languages, access, welcome } = activity
  const { signLanguages, arrive, audiences, capacity, onlineCapacity, takesRsvps, group } = activity
  const words = { title, summary, description, arrive, joinUrl, joinDetails, languages, access, welcome }
  return {
    ...plainActivity,
    ...words,
    signLanguages,
    audiences,
    capacity,
    onlineCapacity,
    takesRsvps,
    group,
    week: activity.week,
    kind: activity.kind,
    mode,
    timing: laterTiming(timingOfRow(activity), days),
    series: laterSeries(activity.series as Series | null, days),
    place: placeOfRow(activity),
    hostName: activity.hostName,
    account: activity.account,
    language: activity.language,
    repeats: activity.id,
  }
}

/** Answers when an activity is, from its row. */
export function timingOfRow(
  row: Pick<WholeActivity, 'timing' | 'startDay' | 'endDay' | 'startLocal' | 'endLocal' | 'zone'>,
): Timing {
  const minute = (local: string): string => local.replace(' ', 'T').slice(0, 16)
  if (row.startLocal !== null && row.zone !== null) {
    const end = row.endLocal === null ? null : minute(row.endLocal)
    return { timing: 'time', start: minute(row.startLocal), end, zone: row.zone }
  }
  if (row.startDay !== null) return { timing: 'day', day: row.startDay, endDay: row.endDay }
  return { timing: 'week' }
}

/** Answers where an activity is, from its row; null when it is nowhere or only online. */
export const placeOfRow = (row: WholeActivity): NewActivity['place'] =>
  row.town === null && row.placeName === null
    ? null
    : {
        name: row.placeName,
        address: row.address,
        town: row.town,
        country: row.country,
        lat: row.lat,
        lon: row.lon,
        exact: row.exact,
        private: row.privatePlace,
        details: row.placeDetails,
      }

function laterTiming(timing: Timing, days: number): Timing {
  if (timing.timing === 'week') return timing
  if (timing.timing === 'day') {
    const endDay = timing.endDay === null ? null : addDays(timing.endDay, days)
    return { timing: 'day', day: addDays(timing.day, days), endDay }
  }
  const later = (local: string): string => `${addDays(local.slice(0, 10), days)}${local.slice(10)}`
  return { ...timing, start: later(timing.start), end: timing.end === null ? null : later(timing.end) }
}

function laterSeries(series: Series | null, days: number): Series | null {
  if (series === null) return null
  if ('dates' in series) return { dates: series.dates.map((day) => addDays(day, days)) }
  return { ...series, until: addDays(series.until, days) }
}
