import * as v from 'valibot'
import { formKey, line, oneOf } from '#kernel/input.ts'
import { day } from '#kernel/limits.ts'
import { addDays, dayBeginsSomewhere, instantOf, localOf, type Day, type Local } from '#kernel/times.ts'

/** One time an activity happens, as far as the clock of mails needs to know it. */
export type Meeting = {
  startDay: Day
  endDay: Day
  startLocal: Local | null
  endLocal: Local | null
  ends: Date
  /** Null for an act of a day whose place is not known: the clock of UTC then. */
  zone: string | null
}

const clockOf = (meeting: Pick<Meeting, 'zone'>): string => meeting.zone ?? 'Etc/UTC'
const dayBefore = (date: Day): Day => addDays(date, -1)

/** When the reminder goes out: at 10:00 on the day before, by the clock of the place. */
export const reminderTime = (meeting: Meeting): Date =>
  instantOf(`${dayBefore(meeting.startDay)}T10:00`, clockOf(meeting))

/** After this moment "this is tomorrow" is no longer true. */
export const reminderUseless = (meeting: Meeting): Date =>
  instantOf(`${meeting.startDay}T00:00`, clockOf(meeting))

const endOf = (meeting: Meeting): Local | null =>
  meeting.startLocal === null ? null : (meeting.endLocal ?? localOf(meeting.ends, clockOf(meeting)))

/** When guests are asked whether they came and whether it was new: at 10:00 on the day after it ended. */
export const afterwardsTime = (meeting: Meeting): Date =>
  instantOf(`${addDays(endOf(meeting)?.slice(0, 10) ?? meeting.endDay, 1)}T10:00`, clockOf(meeting))

/** When the host is asked how it was: at 16:00 on the day it ends, or at 09:00 on the next when it ends after 16:00. */
export function reportTime(meeting: Meeting): Date {
  const end = endOf(meeting)
  const lastDay = end?.slice(0, 10) ?? meeting.endDay
  const late = end !== null && end.slice(11) > '16:00'
  return instantOf(late ? `${addDays(lastDay, 1)}T09:00` : `${lastDay}T16:00`, clockOf(meeting))
}

/** From when a host can say how it was, and the day that is said of it. */
export type ReportOpens = { from: Date; day: Day }

/** Answers from when it can be said how a date was: a time, when it has ended; a day, once its last day has begun anywhere, for many an act is done by ten in the morning; without a date, once the week has. The day is the one that the date itself names, whatever the zone. */
export function reportOpens(meeting: Meeting | null, monday: Day): ReportOpens {
  if (meeting === null) return { from: dayBeginsSomewhere(monday), day: monday }
  const end = endOf(meeting)
  return end === null
    ? { from: dayBeginsSomewhere(meeting.endDay), day: meeting.endDay }
    : { from: meeting.ends, day: end.slice(0, 10) }
}

/** Guests are asked afterwards for a week, hosts for two; then a mail would only puzzle. */
export const askGuestsFor = 7 * day
export const askHostsFor = 14 * day

/** "Was it new to you?" can be pressed at the table from the day before it starts until two days after it ended. */
export const tableOpen = (starts: Date, ends: Date, now: Date): boolean =>
  now.getTime() >= starts.getTime() - day && now.getTime() <= ends.getTime() + 2 * day

/** What somebody at the table presses. */
export const tableAnswer = v.object({
  slug: line(80),
  answer: oneOf(['new', 'not-new']),
  formKey,
})
export type TableAnswer = v.InferOutput<typeof tableAnswer>
