import type { Language, Text } from '#kernel/messages.ts'
import { addDays, dayOf, sayDay, sayDays, sayTime, sayZone, type Day, type Local } from '#kernel/times.ts'

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

export type Saying = { text: Text; language: Language }

/** Says when, in the one way there is: in a list of its week "Tuesday 19 October, 10:00 to 12:00"; where it stands alone (`monday` is given, the Monday of its week), with the year and whose clock it is: "Tuesday 19 October 2027, 10:00 to 12:00 (British Summer Time)". */
export function sayWhen(
  { start, end }: Pick<Occurrence, 'start' | 'end'>,
  { text, language, monday, zone = monday !== undefined }: Saying & { monday?: Day; zone?: boolean },
): string {
  const alone = monday !== undefined
  if (start === null)
    return alone
      ? text('when.week-of', { days: sayDays(monday, addDays(monday, 6), language) })
      : text('when.week')
  const first = dayOfMoment(start) ?? ''
  const last = dayOfMoment(end) ?? first
  if ('day' in start) {
    if (last === first) return sayDay(first, language, alone)
    return text('when.days', { day: sayDay(first, language), endDay: sayDay(last, language, alone) })
  }
  const day = sayDay(first, language, alone)
  const time = sayTime(start.local)
  const until = end !== null && 'local' in end && end.local !== start.local ? sayTime(end.local) : null
  const said =
    until === null
      ? text('when.time', { day, time })
      : first === last
        ? text('when.times', { day, time, end: until })
        : text('when.nights', { day, time, endDay: sayDay(last, language), end: until })
  return zone
    ? text('when.zone', { when: said, zone: sayZone(new Date(start.utc), start.zone, language) })
    : said
}

/** A date as the rooms keep it. */
export type DateKept = {
  startDay: Day
  endDay: Day
  startLocal: Local | null
  endLocal: Local | null
  starts: Date
  ends: Date
}

const kept = (local: Local, zone: string, instant: Date): Moment => ({
  local,
  zone,
  utc: instant.toISOString(),
})

/** Says when a date is, by itself; without one, some time in its week. */
export function sayDate(
  date: DateKept | null,
  { zone, monday }: { zone: string | null; monday: Day },
  { text, language }: Saying,
): string {
  const clock = zone ?? 'Etc/UTC'
  const start =
    date && (date.startLocal === null ? { day: date.startDay } : kept(date.startLocal, clock, date.starts))
  const end =
    date && date.startLocal === null
      ? { day: date.endDay }
      : date?.endLocal
        ? kept(date.endLocal, clock, date.ends)
        : null
  return sayWhen({ start, end }, { text, language, monday })
}

/** Answers the next instant at which one of them begins or ends, so that what is said of it changes; null when there is none. */
export function nextChange(all: readonly Pick<Occurrence, 'start' | 'end'>[], now: Date): Date | null {
  const instants = all.flatMap(({ start, end }) =>
    [start, end].flatMap((moment) => (moment !== null && 'utc' in moment ? [Date.parse(moment.utc)] : [])),
  )
  const next = Math.min(...instants.filter((instant) => instant > now.getTime()))
  return Number.isFinite(next) ? new Date(next) : null
}
