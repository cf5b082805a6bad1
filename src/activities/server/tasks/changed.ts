import { sql } from 'kysely'
import { requestKept } from '#activities/rsvp.ts'
import { mailGuest } from '#activities/server/guest-mail.ts'
import { calledOff, endOf, guestsBy, type Guest } from '#activities/server/reads/rsvp.ts'
import { settleActivity } from '#activities/server/tasks/by-the-clock.ts'
import { day } from '#kernel/limits.ts'
import { textIn, type MessageKey } from '#kernel/messages.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { idIn, type Task } from '#platform/server/queue.ts'

/** Which fields of an activity matter to somebody who comes, and the sentence that names each. */
const matters: Record<string, MessageKey> = {
  title: 'come.changed.title',
  timing: 'come.changed.when',
  startDay: 'come.changed.when',
  endDay: 'come.changed.when',
  startLocal: 'come.changed.when',
  endLocal: 'come.changed.when',
  zone: 'come.changed.when',
  series: 'come.changed.when',
  occurrences: 'come.changed.when',
  mode: 'come.changed.where',
  placeName: 'come.changed.where',
  address: 'come.changed.where',
  town: 'come.changed.where',
  country: 'come.changed.where',
  placeDetails: 'come.changed.details',
  joinUrl: 'come.changed.join',
  joinDetails: 'come.changed.join',
  access: 'come.changed.access',
  arrive: 'come.changed.details',
}

/** Guests of an activity (or of one date) who still mean to come and whose date is not over. */
async function guestsAhead(
  trx: Trx,
  of: { activity: string; occurrence: string | null },
  now: Date,
): Promise<Guest[]> {
  const rows = await trx
    .selectFrom('rsvps')
    .select('id')
    .where('activity', '=', of.activity)
    .where('state', 'in', ['going', 'waiting', 'asked'])
    .where('email', 'is not', null)
    .$if(of.occurrence !== null, (query) => query.where('occurrence', '=', of.occurrence))
    .execute()
  const guests = await guestsBy(
    trx,
    rows.map((row) => row.id),
  )
  return guests.filter((guest) => endOf(guest.activity, guest.occurrence) > now)
}

/** Less than two days before, a notice that waits for its turn would come too late. */
const urgencyOf = (guest: Guest, now: Date): 'answer' | 'notice' =>
  (guest.occurrence?.starts ?? guest.activity.sortStart).getTime() - now.getTime() < 2 * day
    ? 'answer'
    : 'notice'

/** Tells those who come what has changed for them, gives seats that have become free, and moves the day on which private requests are deleted. Payload: `activity`, `change` (an activity_changes id) and, when only one date changed, `occurrence`. Idempotent by change. */
export const tellGuestsOfChange: Task = async (db, payload, now) => {
  const activity = idIn(payload, 'activity')
  const occurrence = typeof payload['occurrence'] === 'string' ? payload['occurrence'] : null
  const change = Number(payload['change'] ?? 0)
  await settleActivity(db, activity, now)
  await moveDeletion(db, activity)
  const row = await db
    .selectFrom('activityChanges')
    .select('diff')
    .where('id', '=', change)
    .where('activity', '=', activity)
    .executeTakeFirst()
  const changed = row?.diff ?? {}
  const sentences = [
    ...new Set(
      Object.entries(matters).flatMap(([field, key]) => (Object.hasOwn(changed, field) ? [key] : [])),
    ),
  ]
  await inTransaction(db, async (trx) => {
    for (const guest of await guestsAhead(trx, { activity, occurrence }, now)) {
      // That the whole is off is told by its own event.
      if (calledOff(guest.activity, null)) return
      if (calledOff(guest.activity, guest.occurrence)) await mailOff(trx, guest, now)
      else if (sentences.length > 0) await mailChanged(trx, guest, { change, sentences }, now)
    }
  })
}

async function mailChanged(
  trx: Trx,
  guest: Guest,
  { change, sentences }: { change: number; sentences: MessageKey[] },
  now: Date,
): Promise<void> {
  const text = textIn(guest.rsvp.language)
  const mail = {
    name: 'activity-changed',
    key: `changed:${change}`,
    urgency: urgencyOf(guest, now),
    useless: endOf(guest.activity, guest.occurrence),
    params: { changes: sentences.map((key) => text(key)).join('\n') },
    calendar: guest.rsvp.state === 'going',
  } as const
  await mailGuest(trx, guest, mail, now)
}

/** One date is told off once, the whole once for each time it was called off. */
async function mailOff(trx: Trx, guest: Guest, now: Date): Promise<void> {
  const { activity, occurrence } = guest
  const whole = calledOff(activity, null)
  // Why something is not shown is said to its host, not to guests.
  const name = guest.off === 'not-shown' ? 'activity-not-shown' : 'activity-cancelled'
  const reason = guest.off === 'called-off' ? (activity.reason ?? '') : ''
  const params = { reason, seat: guest.rsvp.state === 'going' ? 'yes' : 'no' }
  const key = whole ? `off:${activity.sequence}` : `off:${occurrence?.id}:${occurrence?.startDay}`
  const useless = endOf(activity, occurrence)
  await mailGuest(trx, guest, { name, key, urgency: 'answer', params, useless }, now)
}

async function moveDeletion(db: Db, activity: string): Promise<void> {
  await sql`update access_requests set delete_after = coalesce(o.ends, a.last_end) + ${`${requestKept / day} days`}::interval
    from rsvps r join activities a on a.id = r.activity left join occurrences o on o.id = r.occurrence
    where access_requests.rsvp = r.id and r.activity = ${activity}::uuid`.execute(db)
}

/** Tells those who come that it will not happen: the whole activity, or the one date in `occurrence`. At once, because somebody may already be on the way. Payload: `activity` and maybe `occurrence`. Idempotent. */
export const tellGuestsItIsOff: Task = async (db, payload, now) => {
  const activity = idIn(payload, 'activity')
  const occurrence = typeof payload['occurrence'] === 'string' ? payload['occurrence'] : null
  await inTransaction(db, async (trx) => {
    for (const guest of await guestsAhead(trx, { activity, occurrence }, now)) {
      if (calledOff(guest.activity, guest.occurrence)) await mailOff(trx, guest, now)
    }
  })
}

/** Tells those who were told that it is off that it happens after all. Payload: `activity`. Idempotent by the activity's sequence. */
export const tellGuestsItIsOn: Task = async (db, payload, now) => {
  const activity = idIn(payload, 'activity')
  await settleActivity(db, activity, now)
  await inTransaction(db, async (trx) => {
    for (const guest of await guestsAhead(trx, { activity, occurrence: null }, now)) {
      if (calledOff(guest.activity, guest.occurrence)) continue
      const mail = {
        name: 'activity-changed',
        key: `back:${guest.activity.sequence}`,
        urgency: urgencyOf(guest, now),
        useless: endOf(guest.activity, guest.occurrence),
        params: { changes: textIn(guest.rsvp.language)('come.changed.back') },
        calendar: guest.rsvp.state === 'going',
      } as const
      await mailGuest(trx, guest, mail, now)
    }
  })
}

/** Tells those who come to something that is not shown at the moment that it is not certain, and nothing of why. Only while it is not shown by a decision of ours. Payload: `activity`. Idempotent by the activity's sequence. */
export const tellGuestsItIsNotCertain: Task = async (db, payload, now) => {
  const activity = idIn(payload, 'activity')
  await inTransaction(db, async (trx) => {
    for (const guest of await guestsAhead(trx, { activity, occurrence: null }, now)) {
      if (guest.off !== 'not-shown') continue
      const key = `not-certain:${guest.activity.sequence}`
      const useless = endOf(guest.activity, guest.occurrence)
      const mail = { name: 'activity-not-certain', key, urgency: 'answer', useless } as const
      await mailGuest(trx, guest, mail, now)
    }
  })
}
