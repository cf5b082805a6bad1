import { hostedBy } from '#activities/server/reads/host.ts'
import { occurrencesOf } from '#activities/server/reads/rsvp.ts'
import { softEdge } from '#activities/timing.ts'
import { sayDate } from '#activities/when.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { addDays } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'

/** Answers every date of an activity for its host, in order. */
export async function datesPage(db: Db, token: string, language: Language, now: Date) {
  const { activity, monday } = await hostedBy(db, token, now)
  const say = { text: textIn(language), language }
  return {
    token,
    title: activity.title,
    timed: activity.timing === 'time',
    first: addDays(monday, -softEdge),
    last: addDays(monday, 6 + softEdge),
    dates: (await occurrencesOf(db, activity.id)).map((date) => ({
      id: date.id,
      when: sayDate(date, { zone: activity.zone, monday }, say),
      day: date.startDay,
      time: date.startLocal?.slice(11, 16) ?? '',
      skipped: date.status === 'cancelled',
      moved: date.moved,
      over: date.ends <= now,
    })),
  }
}
