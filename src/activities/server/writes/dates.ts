import * as v from 'valibot'
import type { HostToken } from '#activities/host.ts'
import { datesOf } from '#activities/series.ts'
import { changeOfDate } from '#activities/edit.ts'
import { mailHostsOfDateOff } from '#activities/server/host-mail.ts'
import { occurrencesOf, type Occurrence } from '#activities/server/reads/rsvp.ts'
import { asHost, type Held } from '#activities/server/writes/host.ts'
import { noteChange } from '#activities/server/writes/edit.ts'
import { timeColumns } from '#activities/server/writes/place.ts'
import { timingOfRow } from '#activities/server/writes/repeat.ts'
import type { Series } from '#activities/activity.ts'
import type { DateRow } from '#activities/timing.ts'
import { readTiming } from '#activities/timing.ts'
import { Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'

type ChangeOfDate = v.InferOutput<typeof changeOfDate>

/** Skips one date of a series, lets it happen after all, or moves it; the others stay. Whoever comes to that date is told, and of one that is skipped everybody else who hosts it. */
export const changeDate = (db: Db, viewer: Viewer, input: ChangeOfDate, now: Date): Promise<HostToken> =>
  asHost(db, input.token, now, async (held) => {
    const { trx, activity } = held
    if (activity.state === 'withdrawn' || activity.state === 'cancelled') {
      throw new Refusal('conflict', 'edit.refusal.gone')
    }
    const dates = await occurrencesOf(trx, activity.id)
    const date = dates.find((one) => one.id === input.date)
    if (!date) throw new Refusal('invalid', 'input.choose', {}, 'date')
    if (date.ends <= now) throw new Refusal('conflict', 'edit.dates.gone')
    const changed = input.step === 'move' ? moved(held, date, input, now) : stepped(date, input.step)
    const same = changed.status === date.status && changed.starts.getTime() === date.starts.getTime()
    if (same && changed.ends.getTime() === date.ends.getTime()) return { token: input.token }
    await trx.updateTable('occurrences').set(changed).where('id', '=', date.id).execute()
    await reach(
      held,
      dates.map((one) => (one.id === date.id ? { ...one, ...changed } : one)),
      now,
    )
    const said = (one: Pick<DateRow, 'startDay' | 'startLocal' | 'status'>): string =>
      `${one.startLocal ?? one.startDay} ${one.status}`
    const diff = { occurrences: [said(date), said(changed)] as [string, string] }
    await noteChange(trx, viewer, { activity, diff, occurrence: date.id }, now)
    if (changed.status === 'cancelled') {
      await addJob(trx, 'activity.cancelled', { activity: activity.id, occurrence: date.id })
      await mailHostsOfDateOff(trx, activity, { date, by: held.host.email }, now)
    }
    return { token: input.token }
  })

type When = Pick<
  DateRow,
  'startDay' | 'endDay' | 'startLocal' | 'endLocal' | 'starts' | 'ends' | 'status' | 'moved'
>

const whenOf = (date: Occurrence): When => {
  const { startDay, endDay, startLocal, endLocal, starts, ends, status } = date
  return { startDay, endDay, startLocal, endLocal, starts, ends, status, moved: date.moved }
}
const stepped = (date: Occurrence, step: 'skip' | 'on'): When => ({
  ...whenOf(date),
  status: step === 'skip' ? 'cancelled' : 'on',
})

function moved({ activity }: Held, date: Occurrence, input: ChangeOfDate, now: Date): When {
  const timing = timingOfRow(activity)
  const timed = timing.timing === 'time'
  const read = readTiming(
    {
      when: timed ? 'time' : 'day',
      day: input.day,
      endDay: null,
      time: timed ? (input.time ?? date.startLocal?.slice(11, 16) ?? null) : null,
      endTime: null,
      zone: activity.zone,
      which: 'earlier',
    },
    { monday: activity.monday, today: dayOf(now, 'Etc/GMT+12'), language: activity.language },
  )
  if ('mistakes' in read) {
    const [first] = read.mistakes
    throw new Refusal('invalid', first?.key ?? 'input.day', first?.params ?? {}, first?.field ?? 'day')
  }
  const to = read.timing.timing === 'time' ? read.timing.start : (input.day ?? '')
  const series: Series = { dates: [date.originalDay] }
  const made = datesOf(timing, series, [{ day: date.originalDay, to }]).find(
    (one) => one.originalDay === date.originalDay,
  )
  if (!made) throw new Refusal('invalid', 'input.day', {}, 'day')
  const { originalDay: _day, ...when } = made
  return { ...when, status: 'on', moved: true }
}

/** The activity reaches from its first to its last date that is on; its calendar entry gets a new number. */
async function reach(
  { trx, activity }: Held,
  dates: readonly (Omit<When, 'moved'> & { originalDay: string })[],
  now: Date,
) {
  const rows = dates.map((date) => ({ ...date, moved: false }))
  const about = { timing: timingOfRow(activity), series: activity.series as Series | null }
  const { sortStart, lastEnd } = timeColumns(about, rows, activity.monday)
  await trx
    .updateTable('activities')
    .set({
      sortStart,
      lastEnd,
      updated: now,
      revision: activity.revision + 1,
      sequence: activity.sequence + 1,
    })
    .where('id', '=', activity.id)
    .execute()
}
