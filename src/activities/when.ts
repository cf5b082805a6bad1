import { addDays, dayOf, sayDay, sayDays, sayTime, type Day, type Local } from '#kernel/times.ts'
import type { Text } from '#kernel/messages.ts'

/** When something begins or ends, as the public formats give it: a time of some clock, a day, or (null) some time in the week. */
export type Moment = { local: Local; zone: string; utc: string } | { day: Day } | null

/** One date of an activity. */
export type Occurrence = { start: Moment; end: Moment; status: 'published' | 'cancelled' }

export type Span = { from: Day; to: Day }

/** Answers the local day of a moment, or null for "some time this week". */
export const dayOfMoment = (moment: Moment): Day | null => {
  if (moment === null) return null
  return 'day' in moment ? moment.day : moment.local.slice(0, 10)
}

/** Answers the instant by which a date is over everywhere, milliseconds. */
const overBy = (date: Occurrence): number => {
  const last = date.end ?? date.start
  if (last === null) return Number.POSITIVE_INFINITY
  return 'day' in last ? Date.parse(`${addDays(last.day, 1)}T12:00:00Z`) : Date.parse(last.utc)
}

/** Answers whether a date touches the days of a span. */
export const touches = (date: Pick<Occurrence, 'start' | 'end'>, span: Span): boolean => {
  const first = dayOfMoment(date.start)
  const last = dayOfMoment(date.end) ?? first
  return first !== null && last !== null && first <= span.to && last >= span.from
}

/** Answers the date of a series that a list shows: the next one that is on, inside the span; when all are over, the last. Dates come in their order. */
export function shownDate(dates: readonly Occurrence[], span: Span | null, now: Date): Occurrence | null {
  const inside = span ? dates.filter((date) => touches(date, span)) : dates
  const on = inside.filter((date) => date.status === 'published')
  const usable = on.length > 0 ? on : inside
  return usable.find((date) => overBy(date) > now.getTime()) ?? usable.at(-1) ?? null
}

/** Answers whether a date is going on at an instant. Of a day it is so while it is that day in the zone asked about; of "some time this week" never. */
export function isOn(date: Pick<Occurrence, 'start' | 'end'>, now: Date, zone = 'UTC'): boolean {
  const { start, end } = date
  if (start === null) return false
  if ('day' in start) {
    const today = dayOf(now, zone)
    return start.day <= today && (dayOfMoment(end) ?? start.day) >= today
  }
  const last = end !== null && 'utc' in end ? Date.parse(end.utc) : Date.parse(start.utc) + 3_600_000
  return Date.parse(start.utc) <= now.getTime() && now.getTime() < last
}

/** Says when: "Tuesday 19 October, 10:00 to 12:00", "Tuesday 19 October", "Some time this week". */
export function sayWhen(date: Pick<Occurrence, 'start' | 'end'>, text: Text, language: string): string {
  const { start, end } = date
  if (start === null) return text('activities.when.week')
  const first = dayOfMoment(start) ?? ''
  const last = dayOfMoment(end) ?? first
  if ('day' in start) {
    return last === first ? sayDay(first, language) : sayDays(first, last, language)
  }
  const time = sayTime(start.local)
  if (end === null || !('local' in end))
    return text('activities.when.time', { day: sayDay(first, language), time })
  if (first === last) {
    return text('activities.when.times', { day: sayDay(first, language), time, end: sayTime(end.local) })
  }
  return text('activities.when.nights', {
    day: sayDay(first, language),
    time,
    endDay: sayDay(last, language),
    end: sayTime(end.local),
  })
}

/** Answers the next instant at which one of them begins or ends, so that what is said of it changes; null when there is none. */
export function nextChange(all: readonly Pick<Occurrence, 'start' | 'end'>[], now: Date): Date | null {
  const instants = all.flatMap(({ start, end }) =>
    [start, end].flatMap((moment) => (moment !== null && 'utc' in moment ? [Date.parse(moment.utc)] : [])),
  )
  const next = Math.min(...instants.filter((instant) => instant > now.getTime()))
  return Number.isFinite(next) ? new Date(next) : null
}
