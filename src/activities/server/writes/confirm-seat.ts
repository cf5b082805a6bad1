import { sql } from 'kysely'
import { reminderTime } from '#activities/attendance.ts'
import { mayGuest, type GuestFacts, type GuestPress } from '#activities/rsvp.ts'
import { mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import { mailHostsOfAsking } from '#activities/server/host-mail.ts'
import {
  asksFirst,
  guestByWord,
  guestFacts,
  guestsBy,
  meetingOf,
  type Guest,
} from '#activities/server/reads/rsvp.ts'
import { placeInLine } from '#activities/server/reads/seats.ts'
import { lockActivity, settleSeats } from '#activities/server/writes/seats.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

type Held = { trx: Trx; guest: Guest; facts: GuestFacts }

/** Does the work of whoever holds a guest's link, with the activity locked, and answers the link; refuses one that is forged or has ended. */
export const asGuest = (
  db: Db,
  { token }: GuestPress,
  now: Date,
  work: (held: Held) => Promise<void>,
): Promise<GuestPress> =>
  inTransaction(db, async (trx) => {
    const guest = await lockGuest(trx, token)
    await work({ trx, guest, facts: guestFacts(guest, now) })
    return { token }
  })

/** With the activity locked, what is read stays true until the end of the transaction. */
async function lockGuest(trx: Trx, word: string): Promise<Guest> {
  const found = await guestByWord(trx, word)
  if (!found) throw new Refusal('missing', 'come.link')
  await lockActivity(trx, 'id', found.activity.id)
  const guest = await guestByWord(trx, word)
  if (!guest) throw new Refusal('missing', 'come.link')
  return guest
}

/** Why something cannot be pressed any more, in words. */
export const whyNot = (guest: Guest, now: Date): Refusal => {
  const facts = guestFacts(guest, now)
  if (facts.off) return new Refusal('conflict', 'come.off')
  return new Refusal('conflict', facts.over ? 'come.over' : 'come.no-more')
}

/** Confirms from the mailed page. The kept seat becomes theirs; without one they join the waiting list, and are given a seat at once when one is free; where the host says yes first, the host is asked. Pressing again changes nothing. */
export const confirmSeat = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    if (['going', 'waiting', 'asked'].includes(facts.state)) return
    if (!mayGuest('confirm', facts)) throw whyNot(guest, now)
    await refuseTwice(trx, guest)
    const moved = await settleSeats(trx, guest.activity, now)
    await join(trx, guest, { keeps: guest.rsvp.seatKept && facts.state === 'held', now })
    moved.push(...(await settleSeats(trx, guest.activity, now)))
    await tellJoined(trx, guest.rsvp.id, moved, now)
  })

/** Puts somebody where they belong: to their kept seat, before the host, or at the end of the waiting list. Needs the lock; settle the seats after. */
export async function join(
  trx: Trx,
  guest: Guest,
  { keeps, now }: { keeps: boolean; now: Date },
): Promise<void> {
  const state = asksFirst(guest.activity) && !guest.rsvp.accepted ? 'asked' : keeps ? 'going' : 'waiting'
  await trx
    .updateTable('rsvps')
    .set({
      state,
      seatKept: false,
      confirmed: now,
      waitingSince: now,
      seated: state === 'going' ? now : null,
      updated: now,
      revision: sql`revision + 1`,
    })
    .where('id', '=', guest.rsvp.id)
    .execute()
}

/** Mails whoever has just joined where they stand, the host when a yes is needed, and everybody else who was given a seat meanwhile. Last in the transaction. */
export async function tellJoined(trx: Trx, id: string, moved: readonly string[], now: Date): Promise<void> {
  const [guest] = await guestsBy(trx, [id])
  if (!guest) return
  const key = `rsvp-joined:${guest.rsvp.revision}`
  if (guest.rsvp.state === 'going') {
    const params = { writes: stillWritten(guest, now) }
    const mail = { name: 'rsvp-confirmed', key, urgency: 'answer', calendar: true, params } as const
    await mailGuest(trx, guest, mail, now)
  }
  if (guest.rsvp.state === 'waiting') {
    const params = { position: await placeInLine(trx, guest.rsvp) }
    await mailGuest(trx, guest, { name: 'rsvp-waiting', key, urgency: 'answer', params }, now)
  }
  if (guest.rsvp.state === 'asked') {
    await mailGuest(trx, guest, { name: 'rsvp-asked', key, urgency: 'answer' }, now)
    await mailHostsOfAsking(trx, guest, now)
  }
  await mailMovedUp(
    trx,
    moved.filter((other) => other !== id),
    now,
  )
}

/** Whoever is seated after the hour of the reminder has none; an act of no certain day has neither mail. */
function stillWritten({ rsvp, activity, occurrence }: Guest, now: Date): 'both' | 'after' | 'none' {
  const meeting = meetingOf(activity, occurrence)
  if (!meeting || rsvp.quiet || activity.example) return 'none'
  return now <= reminderTime(meeting) ? 'both' : 'after'
}

/** Refuses when the same address has said it again since: one address sits once on one date. */
export async function refuseTwice(trx: Trx, guest: Guest): Promise<void> {
  const other = await trx
    .selectFrom('rsvps')
    .select('id')
    .where('activity', '=', guest.activity.id)
    .where(sql<boolean>`occurrence is not distinct from ${guest.rsvp.occurrence}::uuid`)
    .where('email', '=', guest.rsvp.email)
    .where('id', '<>', guest.rsvp.id)
    .where('state', 'in', ['held', 'asked', 'going', 'waiting'])
    .executeTakeFirst()
  if (other) throw new Refusal('conflict', 'come.newer')
}
