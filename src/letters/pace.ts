import { hour } from '#kernel/limits.ts'
import { addDays, instantOf, localOf, weekdayOf, type Day } from '#kernel/times.ts'

/** In an office's own zone, on weekdays: from this hour, until before that one. */
export const opens = 8
export const closes = 18
/** Letters that one mailbox gets from here in an hour, evenly: what proca sends to one of its targets. */
export const perHour = 30
/** How long after the one before the next letter to the same mailbox may leave, milliseconds. */
export const apart = hour / perHour
/** So many offices get one letter from here: more would be bulk mail, and offices do not read that. */
export const mostFromHere = 20
/** What came back for now goes again after two hours, for seven days, as WriteToThem does. */
export const againAfter = 2 * hour
export const againDays = 7
/** Hours without anything coming back after which a letter counts as arrived (WriteToThem: two days). */
export const quietHours = 48
/** Hours after which somebody is reminded to confirm, as by WriteToThem. */
export const remindHours = 24

/** Days, both included, on which an office reads nothing. */
export type Pause = { from: Day; to: Day; reason: string }

/** Answers the first moment, not before the given one, at which an office reads its mail; and the pause it waits for, when it does. */
export function nextOpening(
  moment: Date,
  zone: string,
  pauses: readonly Pause[],
): { due: Date; pause: Pause | null } {
  let due = moment
  let waited: Pause | null = null
  for (;;) {
    const local = localOf(due, zone)
    const day = local.slice(0, 10)
    const time = Number(local.slice(11, 13))
    const pause = pauses.find(({ from, to }) => from <= day && day <= to)
    const opening = String(opens).padStart(2, '0')
    if (pause) {
      waited = pause
      due = instantOf(`${addDays(pause.to, 1)}T${opening}:00`, zone)
    } else if (weekdayOf(day) > 4 || time >= closes) due = instantOf(`${addDays(day, 1)}T${opening}:00`, zone)
    else if (time < opens) due = instantOf(`${day}T${opening}:00`, zone)
    else return { due, pause: waited }
  }
}
