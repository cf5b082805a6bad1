import { readableByLink } from '#activities/activity.ts'
import { guestActions, mayGuest, type GuestAction, type Off, type RsvpState } from '#activities/rsvp.ts'
import { calendarLinks } from '#activities/calendar-links.ts'
import { entryOf } from '#activities/server/guest-calendar.ts'
import { guestByWord, guestFacts, titleForGuest, type Guest } from '#activities/server/reads/rsvp.ts'
import { placeInLine, takenSeats, waitingIn } from '#activities/server/reads/seats.ts'
import { capacityOf, fitsNow, type Joining } from '#activities/seats.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhereTo } from '#activities/where.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { localOf, sayTime } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** A guest's own page, as its owner may see it. */
export type GuestPage = {
  token: string
  slug: string
  title: string
  when: string
  /** "" while it is held for somebody's safety. */
  where: string
  state: RsvpState
  off: Off | null
  /** Whether the activity's own page is there for anybody to read. */
  readable: boolean
  over: boolean
  asks: boolean
  joining: Joining
  seats: number
  /** The most people they could be. */
  most: number
  /** Until when the seat is kept, by the clock of the place; null when none is kept. */
  until: string | null
  position: number
  /** For "take it again": whether a seat is free. */
  free: boolean
  reason: string | null
  request: string | null
  cameAnswer: boolean | null
  newAnswer: boolean | null
  quiet: boolean
  may: GuestAction[]
  /** Only for those who may see it. */
  details: string | null
  joinUrl: string | null
  joinDetails: string | null
  arrive: string | null
  google: string
  outlook: string
}

/** Answers what a guest's link shows, or null when the link is forged, has ended or was taken back. The exact place and how to join online are in it only for those who may see them. */
export async function readGuestPage(
  db: Db,
  _viewer: Viewer,
  input: { token: string; language: Language },
  now: Date,
): Promise<GuestPage | null> {
  const guest = await guestByWord(db, input.token)
  if (!guest) return null
  const { rsvp, activity, occurrence, monday } = guest
  const facts = guestFacts(guest, now)
  const say = { text: textIn(input.language), language: input.language }
  const seen = mayGuest('see-place', facts)
  const online = rsvp.joining === 'online'
  const seats = await seatsFor(db, guest, now)
  return {
    token: input.token,
    slug: activity.slug,
    title: titleForGuest(activity, say.text),
    when: sayDate(occurrence, { zone: activity.zone, monday }, say),
    where: activity.held !== null ? '' : sayWhereTo(rsvp.joining, activity, facts, say),
    state: facts.state,
    off: guest.off,
    readable: readableByLink.includes(activity.state),
    over: facts.over,
    asks: facts.asks,
    joining: rsvp.joining,
    seats: rsvp.seats,
    ...seats,
    until:
      facts.state === 'held' && rsvp.seatKept && rsvp.heldUntil
        ? sayTime(localOf(rsvp.heldUntil, activity.zone ?? 'Etc/UTC'))
        : null,
    reason: guest.off === 'called-off' ? activity.reason : rsvp.reason,
    request: await requestOf(db, rsvp.id),
    cameAnswer: rsvp.came,
    newAnswer: rsvp.isNew,
    quiet: rsvp.quiet,
    may: guestActions.filter((action) => mayGuest(action, facts)),
    details: seen && !online ? activity.placeDetails : null,
    joinUrl: seen && online ? activity.joinUrl : null,
    joinDetails: seen && online ? activity.joinDetails : null,
    arrive: seen && !online && activity.arrive !== '' ? activity.arrive : null,
    ...calendarLinks(entryOf(guest, now)),
  }
}

async function seatsFor(db: Db, guest: Guest, now: Date) {
  const { rsvp, activity } = guest
  const capacity = capacityOf(activity, rsvp.joining)
  const taken = await takenSeats(db, rsvp, now, rsvp.id)
  const waiting = (await waitingIn(db, rsvp)).filter((party) => party.id !== rsvp.id)
  const room = capacity === null ? 10 : Math.max(rsvp.seats, Math.min(10, capacity))
  return {
    most: room,
    free: fitsNow(capacity, taken, waiting, rsvp.seats),
    position: rsvp.state === 'waiting' ? await placeInLine(db, rsvp) : 0,
  }
}

const requestOf = async (db: Db, rsvp: string): Promise<string | null> =>
  (await db.selectFrom('accessRequests').select('words').where('rsvp', '=', rsvp).executeTakeFirst())
    ?.words ?? null
