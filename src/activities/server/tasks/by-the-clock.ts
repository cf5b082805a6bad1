import {
  afterwardsTime,
  askGuestsFor,
  askHostsFor,
  reminderTime,
  reminderUseless,
  reportTime,
  type Meeting,
} from '#activities/attendance.ts'
import { mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import { mailHostForReport } from '#activities/server/host-mail.ts'
import {
  activityBy,
  guestsBy,
  meetingOf,
  occurrencesOf,
  zoneOfActivity,
  type Guest,
} from '#activities/server/reads/rsvp.ts'
import { lockActivity, settleSeats } from '#activities/server/writes/seats.ts'
import { day } from '#kernel/limits.ts'
import { addDays, dayEndsEverywhere } from '#kernel/times.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { sql, type RawBuilder } from 'kysely'
import type { Task } from '#platform/server/queue.ts'

/** Activities that people can still come to; the example's never send a mail. */
const alive = ['waiting', 'asked-for-more', 'published', 'by-link'] as const

/** Frees the seats that were kept more than 30 minutes and gives them to those who wait, activity by activity. Idempotent. */
export const sweepHolds: Task = async (db, _payload, now) => {
  const rows = await db
    .selectFrom('rsvps')
    .select('activity')
    .distinct()
    .where('state', '=', 'held')
    .where('heldUntil', '<=', now)
    .execute()
  for (const row of rows) await settleActivity(db, row.activity, now)
}

/** Gives free seats of one activity to those who wait, and mails them. Idempotent. */
export async function settleActivity(db: Db, id: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const activity = await lockActivity(trx, 'id', id)
    await mailMovedUp(trx, await settleSeats(trx, activity, now), now)
  })
}

const about = (guest: Guest): Meeting | null => meetingOf(guest.activity, guest.occurrence)

/** Reminds everybody who comes tomorrow, from 10:00 on the day before by the clock of the place until that day is over. Somebody who got a seat later than that has just had a mail. Idempotent. */
export const remindGuests: Task = async (db, _payload, now) => {
  // A day without a time "begins" at UTC+14; three days ahead hold every clock's tomorrow.
  const key = sql<string>`'reminder:' || occurrences.start_day || ':' || rsvps.id`
  for (const guest of await guestsToTell(db, { column: 'starts', key, from: -1, to: 3 }, now)) {
    const meeting = about(guest)
    if (!meeting || guest.rsvp.seated === null) continue
    const useless = reminderUseless(meeting)
    const time = reminderTime(meeting)
    if (now < time || now >= useless || guest.rsvp.seated > time) continue
    const key = `reminder:${meeting.startDay}`
    await inTransaction(db, (trx) =>
      mailGuest(trx, guest, { name: 'reminder', key, urgency: 'notice', useless }, now),
    )
  }
}

/** Asks everybody who was going, at 10:00 on the day after, whether they came and whether it was new. Idempotent. */
export const askAfterwards: Task = async (db, _payload, now) => {
  const key = sql<string>`'afterwards:' || rsvps.id`
  for (const guest of await guestsToTell(db, { column: 'ends', key, from: -9, to: 1 }, now)) {
    const meeting = about(guest)
    if (!meeting || (guest.rsvp.came !== null && guest.rsvp.isNew !== null)) continue
    const time = afterwardsTime(meeting)
    const useless = new Date(time.getTime() + askGuestsFor)
    if (now < time || now >= useless) continue
    const mail = { name: 'afterwards', key: 'afterwards', urgency: 'notice', useless } as const
    await inTransaction(db, (trx) => mailGuest(trx, guest, mail, now))
  }
}

/** Those who are going to a date that starts or ends so many days from now, whom a notice may reach and who have not had this one. */
async function guestsToTell(
  db: Db,
  of: { column: 'starts' | 'ends'; key: RawBuilder<string>; from: number; to: number },
  now: Date,
): Promise<Guest[]> {
  const rows = await db
    .selectFrom('rsvps')
    .innerJoin('occurrences', 'occurrences.id', 'rsvps.occurrence')
    .innerJoin('activities', 'activities.id', 'rsvps.activity')
    .select('rsvps.id')
    .where('rsvps.state', '=', 'going')
    .where('rsvps.example', '=', false)
    .where('rsvps.quiet', '=', false)
    .where('rsvps.email', 'is not', null)
    .where('activities.example', '=', false)
    .where('activities.state', 'in', alive)
    .where('occurrences.status', '=', 'on')
    .where(`occurrences.${of.column}`, '>', new Date(now.getTime() + of.from * day))
    .where(`occurrences.${of.column}`, '<=', new Date(now.getTime() + of.to * day))
    .where((on) =>
      on.not(on.exists(on.selectFrom('mails').select('mails.id').where('mails.key', '=', of.key))),
    )
    .execute()
  return guestsBy(
    db,
    rows.map((row) => row.id),
  )
}

/** Asks each host once how it was: at 16:00 by the clock of the place on the day the last date ends, or at 09:00 on the next day when it ends after 16:00; of "some time this week" at 16:00 on its Sunday. Not when it has been told, nor more than two weeks late. Idempotent. */
export const askHosts: Task = async (db, _payload, now) => {
  const rows = await db
    .selectFrom('activities')
    .leftJoin('attendanceReports', 'attendanceReports.activity', 'activities.id')
    .innerJoin('weeks', 'weeks.year', 'activities.week')
    .select(['activities.id', 'weeks.monday'])
    .where('attendanceReports.activity', 'is', null)
    .where('activities.example', '=', false)
    .where('activities.state', 'in', alive)
    .where('activities.lastEnd', '>', new Date(now.getTime() - askHostsFor - 2 * day))
    .where('activities.sortStart', '<=', now)
    .execute()
  for (const row of rows) {
    await inTransaction(db, async (trx) => {
      const found = await activityBy(trx, 'id', row.id)
      if (!found) return
      const activity = { ...found, zone: await zoneOfActivity(trx, found) }
      const dates = await occurrencesOf(trx, row.id)
      const last = dates.findLast((date) => date.status === 'on') ?? null
      if (dates.length > 0 && !last) return
      const sunday = addDays(row.monday, 6)
      const time = reportTime(
        meetingOf(activity, last) ?? {
          startDay: row.monday,
          endDay: sunday,
          startLocal: null,
          endLocal: null,
          ends: dayEndsEverywhere(sunday),
          zone: activity.zone,
        },
      )
      const useless = new Date(time.getTime() + askHostsFor)
      if (now < time || now >= useless) return
      await mailHostForReport(trx, activity, { key: `report:${activity.id}`, useless, now })
    })
  }
}
