import { hour } from '#kernel/limits.ts'
import { addDays, type Day } from '#kernel/times.ts'
import type { Occurrence, Span } from '#activities/when.ts'

/** When something stands in a calendar: from one instant to another, or for whole days, the last included. */
export type CalendarTime = { starts: Date; ends: Date } | { from: Day; to: Day }

/** What a calendar is told of one date. */
export type CalendarEntry = { title: string; where: string; details: string; time: CalendarTime }

/** Answers when a public date stands in a calendar; what is done some time in its week stands in all of it, and a time without an end counts as an hour. */
export function calendarTime({ start, end }: Pick<Occurrence, 'start' | 'end'>, week: Span): CalendarTime {
  if (start === null) return week
  if ('day' in start) return { from: start.day, to: end !== null && 'day' in end ? end.day : start.day }
  const starts = new Date(start.utc)
  const ends = end !== null && 'utc' in end ? new Date(end.utc) : starts
  return { starts, ends: ends > starts ? ends : new Date(starts.getTime() + hour) }
}

/** Calendars elsewhere refuse addresses that are too long; the whole of it stands on our page, whose address is in the details. */
const mostTitle = 120
const mostDetails = 800

const compact = (iso: string): string => iso.replace(/[-:]|\.\d+/g, '')

/** Answers the addresses that open a date in Google's and in Outlook's own calendar pages. Whole days end on the day after the last, as both want it. */
export function calendarLinks({ title, where, details, time }: CalendarEntry) {
  const whole = 'from' in time
  const [start, end] = whole
    ? [time.from, addDays(time.to, 1)]
    : [time.starts.toISOString(), time.ends.toISOString()]
  const words = { title: title.slice(0, mostTitle), details: details.slice(0, mostDetails) }
  const google = new URLSearchParams({
    action: 'TEMPLATE',
    text: words.title,
    dates: `${compact(start)}/${compact(end)}`,
    details: words.details,
    location: where,
  })
  const outlook = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: words.title,
    startdt: start,
    enddt: end,
    body: words.details,
    location: where,
    ...(whole && { allday: 'true' }),
  })
  return {
    google: `https://calendar.google.com/calendar/render?${google}`,
    outlook: `https://outlook.live.com/calendar/0/action/compose?${outlook}`,
  }
}
