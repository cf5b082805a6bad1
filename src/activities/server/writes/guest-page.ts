import { sql } from 'kysely'
import { mayGuest, type GuestAnswers, type GuestPress, type NewSeats } from '#activities/rsvp.ts'
import { mailGuest, mailMovedUp } from '#activities/server/guest-mail.ts'
import { asksFirst, guestFacts, guestsBy } from '#activities/server/reads/rsvp.ts'
import { takenSeats, waitingIn } from '#activities/server/reads/seats.ts'
import { asGuest, join, refuseTwice, tellJoined, whyNot } from '#activities/server/writes/confirm-seat.ts'
import { settleSeats } from '#activities/server/writes/seats.ts'
import { capacityOf, fitsNow } from '#activities/seats.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { randomBytes } from 'node:crypto'

/** Gives the seats back in one press; they go to whoever waits longest. What the guest told the host in private is deleted, but for what is held for somebody's safety. Pressing again changes nothing. */
export const giveSeatBack = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    if (facts.state === 'cancelled') return
    if (!mayGuest('give-back', facts)) throw whyNot(guest, now)
    await trx
      .updateTable('rsvps')
      .set({
        state: 'cancelled',
        seatKept: false,
        seated: null,
        waitingSince: null,
        updated: now,
        revision: sql`revision + 1`,
      })
      .where('id', '=', guest.rsvp.id)
      .execute()
    // What a worry keeps is deleted when it is over, by the clock.
    if (guest.activity.held === null)
      await trx.deleteFrom('accessRequests').where('rsvp', '=', guest.rsvp.id).execute()
    const moved = await settleSeats(trx, guest.activity, now)
    const [after] = await guestsBy(trx, [guest.rsvp.id])
    if (after) {
      const key = `rsvp-cancelled:${after.rsvp.revision}`
      const params = { again: mayGuest('take-again', guestFacts(after, now)) ? 'yes' : 'no' }
      await mailGuest(trx, after, { name: 'rsvp-cancelled', key, urgency: 'answer', params }, now)
    }
    await mailMovedUp(trx, moved, now)
  })

/** Takes back a cancellation: the seat again while one is free, else the end of the waiting list. Somebody the host had said yes to need not ask again. */
export const takeSeatAgain = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    if (['going', 'waiting', 'asked'].includes(facts.state)) return
    if (!mayGuest('take-again', facts)) throw whyNot(guest, now)
    await refuseTwice(trx, guest)
    await join(trx, guest, { keeps: false, now })
    const moved = await settleSeats(trx, guest.activity, now)
    await tellJoined(trx, guest.rsvp.id, moved, now)
  })

/** Changes how many people come. Fewer frees seats at once; more needs free seats that nobody waits for, and where the host says yes first, cannot go beyond what the host said yes to. Somebody who waits keeps their place in the line. */
export const changeSeats = (db: Db, _viewer: Viewer, input: NewSeats, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    const { rsvp, activity } = guest
    if (!mayGuest('change-seats', facts)) throw whyNot(guest, now)
    if (input.seats === rsvp.seats) return
    const before = await settleSeats(trx, activity, now)
    if (input.seats > rsvp.seats) {
      const capacity = capacityOf(activity, rsvp.joining)
      if (capacity !== null && input.seats > capacity) {
        throw new Refusal('invalid', 'come.too-many', { capacity }, 'seats')
      }
      if (rsvp.accepted && asksFirst(activity)) {
        throw new Refusal('conflict', 'come.accepted-for', { count: rsvp.seats }, 'seats')
      }
      const holds = before.includes(rsvp.id) || rsvp.state === 'going' || rsvp.seatKept
      const taken = await takenSeats(trx, rsvp, now, rsvp.id)
      if (holds && !fitsNow(capacity, taken, await waitingIn(trx, rsvp), input.seats)) {
        throw new Refusal('conflict', 'come.no-room-for-more', { count: rsvp.seats }, 'seats')
      }
    }
    await trx
      .updateTable('rsvps')
      .set({ seats: input.seats, updated: now, revision: sql`revision + 1` })
      .where('id', '=', rsvp.id)
      .execute()
    await mailMovedUp(trx, [...before, ...(await settleSeats(trx, activity, now))], now)
  })

/** Keeps whether they came and whether it was new to them; either can be changed for as long as the link works. */
export const answerAfterwards = (
  db: Db,
  _viewer: Viewer,
  input: GuestAnswers,
  now: Date,
): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    if (input.came !== null && !mayGuest('say-came', facts)) throw whyNot(guest, now)
    if (input.isNew !== null && !mayGuest('say-new', facts)) throw whyNot(guest, now)
    if (input.came === null && input.isNew === null) return
    await trx
      .updateTable('rsvps')
      .set({
        ...(input.came !== null && { came: input.came === 'yes' }),
        ...(input.isNew !== null && { isNew: input.isNew === 'yes' }),
        updated: now,
      })
      .where('id', '=', guest.rsvp.id)
      .execute()
  })

/** Takes back what the guest told the host in private. */
export const takeRequestBack = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest }) => {
    await trx.deleteFrom('accessRequests').where('rsvp', '=', guest.rsvp.id).execute()
  })

/** No more notices about it, but still coming. */
export const quietMails = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest }) => {
    await trx
      .updateTable('rsvps')
      .set({ quiet: true, updated: now })
      .where('id', '=', guest.rsvp.id)
      .execute()
  })

/** "It wasn't me": gives the seats back, forgets the name, the address and what was told the host, and ends the link. */
export const forgetMe = (db: Db, _viewer: Viewer, input: GuestPress, now: Date): Promise<GuestPress> =>
  asGuest(db, input, now, async ({ trx, guest, facts }) => {
    await trx.deleteFrom('accessRequests').where('rsvp', '=', guest.rsvp.id).execute()
    await trx
      .updateTable('rsvps')
      .set({
        // After it is over the number of those who came stays; before, the seats are free again.
        ...(!facts.over && { state: 'cancelled', seated: null, waitingSince: null }),
        seatKept: false,
        ...(guest.rsvp.state === 'held' && { state: 'cancelled' }),
        email: null,
        name: '',
        token: randomBytes(32),
        updated: now,
      })
      .where('id', '=', guest.rsvp.id)
      .execute()
    await mailMovedUp(trx, await settleSeats(trx, guest.activity, now), now)
  })
