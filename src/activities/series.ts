import type { Series, Timing } from '#activities/activity.ts'
import { dateOf, type DateRow } from '#activities/timing.ts'
import { addDays, daysBetween, type Day, type Local } from '#kernel/times.ts'

/** The most dates one series may have. */
export const mostDates = 60

/** One date that differs: moved to another day or time, or skipped. */
export type Change = { day: Day; to?: Local | undefined; skipped?: boolean | undefined }

const weekOfMonth = (day: Day): number => Math.floor((Number(day.slice(8)) - 1) / 7)

/** The same weekday of the next months ("the third Tuesday"), as groups meet; a fifth one only where there is one. */
function monthly(first: Day, until: Day, most: number): Day[] {
  const days: Day[] = []
  const place = weekOfMonth(first)
  for (let day = first; day <= until && days.length < most; day = addDays(day, 7)) {
    if (weekOfMonth(day) === place) days.push(day)
  }
  return days
}

/** Answers the days of a series from its first on, in order, at most sixty; the first day always belongs to it. */
export function daysOf(first: Day, series: Series, most = mostDates): Day[] {
  if ('dates' in series) return [...new Set([first, ...series.dates])].toSorted().slice(0, most)
  if (series.every === 'month') return monthly(first, series.until, most)
  const step = series.every === 'week' ? 7 : 14
  const count = Math.max(0, Math.floor(daysBetween(first, series.until) / step))
  return Array.from({ length: Math.min(count + 1, most) }, (_, at) => addDays(first, at * step))
}

/** Answers the last day that a series could have when it asks for more dates than one may have; null when all of them fit. */
export const lastThatFits = (first: Day, series: Series): Day | null =>
  daysOf(first, series, mostDates + 1).length > mostDates ? (daysOf(first, series).at(-1) ?? null) : null

/** Moves a timing to another day: the wall-clock time stays the same through every change of the clocks. */
function onDay(timing: Timing, day: Day): Timing {
  if (timing.timing === 'week') return timing
  if (timing.timing === 'day') {
    const length = timing.endDay === null ? null : daysBetween(timing.day, timing.endDay)
    return { timing: 'day', day, endDay: length === null ? null : addDays(day, length) }
  }
  const first = timing.start.slice(0, 10)
  const moved = (local: Local): Local =>
    `${addDays(day, daysBetween(first, local.slice(0, 10)))}${local.slice(10)}`
  return { ...timing, start: moved(timing.start), end: timing.end === null ? null : moved(timing.end) }
}

function atTime(timing: Timing, to: string): Timing {
  const moved = onDay(timing, to.slice(0, 10))
  if (moved.timing !== 'time' || to.length <= 10) return moved
  const length = moved.end === null ? null : Date.parse(`${moved.end}Z`) - Date.parse(`${moved.start}Z`)
  return {
    ...moved,
    start: to,
    end: length === null ? null : new Date(Date.parse(`${to}Z`) + length).toISOString().slice(0, 16),
  }
}

/** Answers every date of an activity: none for "some time this week", one, or those of its series with their changes. */
export function datesOf(
  timing: Timing,
  series: Series | null,
  changes: readonly Change[] = [],
  later = false,
): DateRow[] {
  const first = dateOf(timing, later)
  if (first === null) return []
  if (series === null) return [first]
  return daysOf(first.originalDay, series).flatMap((day) => {
    const change = changes.find((one) => one.day === day)
    const made = dateOf(change?.to ? atTime(timing, change.to) : onDay(timing, day))
    if (made === null) return []
    return {
      ...made,
      originalDay: day,
      moved: change?.to !== undefined,
      status: change?.skipped ? 'cancelled' : 'on',
    }
  })
}
