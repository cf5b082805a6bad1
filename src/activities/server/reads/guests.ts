import { hostByToken } from '#activities/server/reads/host-link.ts'
import {
  activityBy,
  asksFirst,
  calledOff,
  mondayOf,
  occurrencesOf,
  type Rsvp,
} from '#activities/server/reads/rsvp.ts'
import { seatsOf, type SeatCount } from '#activities/server/reads/seats.ts'
import type { RsvpState } from '#activities/rsvp.ts'
import { waysToJoin, type Joining } from '#activities/seats.ts'
import { sayDate } from '#activities/when.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** A guest as the host may see them: never an address. */
export type GuestOfHost = {
  id: string
  name: string
  seats: number
  joining: Joining
  state: RsvpState
  request: string | null
}

export type GuestsOfDate = {
  id: string
  when: string
  /** It does not happen, or is not shown. */
  off: boolean
  counts: SeatCount[]
  guests: GuestOfHost[]
}

export type GuestsPage = {
  token: string
  slug: string
  title: string
  asks: boolean
  hybrid: boolean
  /** The whole does not happen, or is not shown. */
  off: boolean
  dates: GuestsOfDate[]
  /** How many people said that it was new to them. */
  newPeople: number
}

/** Answers who comes, date by date, to whoever answers for the activity: names, numbers and what they told the host, never an address. Those who have not confirmed are only counted. */
export async function readGuests(
  db: Db,
  _viewer: Viewer,
  input: { token: string; language: Language },
  now: Date,
): Promise<GuestsPage> {
  const host = await hostByToken(db, input.token, now)
  const activity = host && (await activityBy(db, 'id', host.activity))
  if (!activity) throw new Refusal('missing', 'refusal.link')
  if (activity.held !== null) throw new Refusal('conflict', 'refusal.held')
  const say = { text: textIn(input.language), language: input.language }
  const monday = await mondayOf(db, activity.week)
  const rows = await db
    .selectFrom('rsvps')
    .leftJoin('accessRequests', 'accessRequests.rsvp', 'rsvps.id')
    .select(['id', 'occurrence', 'name', 'seats', 'joining', 'state', 'accessRequests.words', 'isNew'])
    .where('activity', '=', activity.id)
    .where('state', 'in', ['asked', 'going', 'waiting', 'not-accepted'])
    .orderBy('waitingSince')
    .orderBy('rsvps.created')
    .orderBy('id')
    .execute()
  const dates = await occurrencesOf(db, activity.id)
  const ways = waysToJoin(activity.mode)
  const ofDates: GuestsOfDate[] = []
  for (const date of dates.length > 0 ? dates : [null]) {
    const counts = await seatsOf(db, activity, date?.id ?? null, now)
    ofDates.push({
      id: date?.id ?? '',
      when: sayDate(date, { zone: activity.zone, monday }, say),
      off: calledOff(activity, date),
      counts: counts.filter((count) => ways.includes(count.joining)),
      guests: rows
        .filter((row) => row.occurrence === (date?.id ?? null))
        .map((row) => ({
          id: row.id,
          name: row.name,
          seats: row.seats,
          joining: row.joining,
          state: row.state as Rsvp['state'],
          request: row.words,
        })),
    })
  }
  return {
    token: input.token,
    slug: activity.slug,
    title: activity.title,
    asks: asksFirst(activity),
    hybrid: ways.length > 1,
    off: calledOff(activity, null),
    dates: ofDates,
    newPeople: rows
      .filter((row) => row.state === 'going' && row.isNew)
      .reduce((sum, row) => sum + row.seats, 0),
  }
}

export type Newcomers = {
  /** People who said on their own page that they came, and of those with whom it was new. */
  came: number
  cameNew: number
  /** Presses at the table; they may be the same people, so they are never added to the others. */
  tableNew: number
  tableNotNew: number
}

/** Answers what guests themselves said about one activity, to begin the host's own report with: from the RSVPs, and apart from them from the table. */
export async function newcomersOf(db: Db, activity: string): Promise<Newcomers> {
  const said = await db
    .selectFrom('rsvps')
    .select((on) => [
      on.fn.sum<string>('seats').filterWhere('came', '=', true).as('came'),
      on.fn
        .sum<string>('seats')
        .filterWhere((where) => where.and([where('came', '=', true), where('isNew', '=', true)]))
        .as('cameNew'),
    ])
    .where('activity', '=', activity)
    .executeTakeFirst()
  const table = await db
    .selectFrom('tableAnswers')
    .select((on) => ['isNew', on.fn.sum<string>('count').as('count')])
    .where('activity', '=', activity)
    .groupBy('isNew')
    .execute()
  const pressed = (isNew: boolean): number => Number(table.find((row) => row.isNew === isNew)?.count ?? 0)
  return {
    came: Number(said?.came ?? 0),
    cameNew: Number(said?.cameNew ?? 0),
    tableNew: pressed(true),
    tableNotNew: pressed(false),
  }
}
