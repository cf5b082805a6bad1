import { sql, type Selectable } from 'kysely'
import type { Meeting } from '#activities/attendance.ts'
import type { GuestFacts, Off } from '#activities/rsvp.ts'
import type { Text } from '#kernel/messages.ts'
import type { Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import { placeNear } from '#platform/server/places.ts'
import type { Activities, Occurrences, Rsvps } from '#platform/server/schema.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'

export type Activity = Omit<Selectable<Activities>, 'search'>
export type Occurrence = Selectable<Occurrences>
export type Rsvp = Selectable<Rsvps>

/** A guest's word together with what it is about. `occurrence` is null for an act of "some time this week"; `off` says why it does not happen, as far as a guest may know. */
export type Guest = {
  rsvp: Rsvp
  activity: Activity
  occurrence: Occurrence | null
  monday: Day
  off: Off | null
}

/** Answers the word of a guest's own link: always the same for one RSVP, known to nobody without the site's secret; only its hash is kept. */
export const guestWord = (rsvp: string): string => keyedHash(`come:${rsvp}`)

/** Answers the activity as it lies in the database, or null. */
export async function activityBy(db: Db, column: 'id' | 'slug', value: string): Promise<Activity | null> {
  // An address can hold a null byte; PostgreSQL's text cannot.
  if (value.includes('\u0000')) return null
  const row = await db.selectFrom('activities').selectAll().where(column, '=', value).executeTakeFirst()
  return row ?? null
}

/** What stands for the title of something that is held. */
const unnamed = '–'

/** What an activity is called to somebody who said they would come: by its title, or by nothing that says what it is while it is held for somebody's safety. */
export const titleForGuest = (activity: Pick<Activity, 'title' | 'held'>, text: Text): string =>
  activity.held === null ? activity.title : text('guest.unnamed')

/** The title of a row of activities, for mails and pages of whoever hosts or comes; not while it is held for somebody's safety. */
export const titleUnlessHeld =
  sql<string>`case when activities.held is null then activities.title else ${unnamed} end`.as('title')

/** Answers an activity without its words and place while it is held for somebody's safety: that is kept from everybody, also from whoever hosts it or comes. */
export const sealedIfHeld = (activity: Activity): Activity =>
  activity.held === null
    ? activity
    : {
        ...activity,
        title: unnamed,
        summary: '',
        description: '',
        arrive: '',
        hostName: '',
        placeName: null,
        address: null,
        placeDetails: null,
        town: null,
        country: null,
        joinUrl: null,
        joinDetails: null,
      }

/** Answers the Monday of a week that is there. */
export const mondayOf = async (db: Db, year: number): Promise<Day> =>
  (await db.selectFrom('weeks').select('monday').where('year', '=', year).executeTakeFirstOrThrow()).monday

/** Answers all dates of an activity in order. */
export const occurrencesOf = (db: Db, activity: string): Promise<Occurrence[]> =>
  db.selectFrom('occurrences').selectAll().where('activity', '=', activity).orderBy('starts').execute()

/** Answers the clock of an activity: its own, or that of the nearest town for an act of a day; null when that is not known. */
export const zoneOfActivity = async (
  db: Db,
  activity: Pick<Activity, 'zone' | 'lat' | 'lon'>,
): Promise<string | null> =>
  activity.zone ??
  (activity.lat === null || activity.lon === null
    ? null
    : ((await placeNear(db, { lat: activity.lat, lon: activity.lon }))?.zone ?? null))

/** Answers the guests with these ids and what they come to, in no order. */
export async function guestsBy(db: Db, ids: readonly string[]): Promise<Guest[]> {
  if (ids.length === 0) return []
  const rsvps = await db.selectFrom('rsvps').selectAll().where('id', 'in', ids).execute()
  const activities = new Map<string, { activity: Activity; monday: Day; hidden: boolean }>()
  const dates = new Map<string, Occurrence>()
  for (const id of new Set(rsvps.map((rsvp) => rsvp.activity))) {
    const activity = await activityBy(db, 'id', id)
    if (!activity) continue
    const [monday, zone, all] = await Promise.all([
      mondayOf(db, activity.week),
      zoneOfActivity(db, activity),
      occurrencesOf(db, id),
    ])
    const hidden = activity.state === 'withdrawn' && (await takenDown(db, id))
    activities.set(id, { activity: { ...activity, zone }, monday, hidden })
    for (const date of all) dates.set(date.id, date)
  }
  return rsvps.flatMap((rsvp) => {
    const about = activities.get(rsvp.activity)
    const date = rsvp.occurrence === null ? null : (dates.get(rsvp.occurrence) ?? null)
    if (!about) return []
    const { hidden, ...rest } = about
    return [{ rsvp, ...rest, occurrence: date, off: whyOff(about.activity, date, hidden) }]
  })
}

/** Answers whom a mailed word belongs to, or null when it is forged, forgotten or removed; what is held is sealed. */
export async function guestByWord(db: Db, word: string): Promise<Guest | null> {
  const row = await db
    .selectFrom('rsvps')
    .select('id')
    .where('token', '=', hashToken(word))
    .where('email', 'is not', null)
    .executeTakeFirst()
  const [guest] = row ? await guestsBy(db, [row.id]) : []
  return guest ? { ...guest, activity: sealedIfHeld(guest.activity) } : null
}

/** Answers whether the host says yes to each guest first. */
export const asksFirst = (activity: Pick<Activity, 'privatePlace' | 'asksFirst'>): boolean =>
  activity.privatePlace || activity.asksFirst

/** Answers why it does not happen, the whole activity or this date; null when it does. `hidden`: somebody who reviews has taken it down. */
function whyOff(
  activity: Pick<Activity, 'state'>,
  occurrence: Occurrence | null,
  hidden: boolean,
): Off | null {
  if (activity.state === 'cancelled') return 'called-off'
  if (activity.state === 'withdrawn') return hidden ? 'not-shown' : 'taken-away'
  if (activity.state === 'declined' || activity.state === 'unverified') return 'not-shown'
  return occurrence?.status === 'cancelled' ? 'date-off' : null
}

/** Answers whether it does not happen, or not here: the whole activity, or this date. */
export const calledOff = (activity: Pick<Activity, 'state'>, occurrence: Occurrence | null): boolean =>
  whyOff(activity, occurrence, false) !== null

/** Answers whether the last who took an activity away was somebody who reviews. */
export async function takenDown(db: Db, activity: string): Promise<boolean> {
  const last = await db
    .selectFrom('activityChanges')
    .select('byHost')
    .where('activity', '=', activity)
    .where('toState', '=', 'withdrawn')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? !last.byHost : false
}

/** Answers when it has ended: this date, or the last moment of the activity. */
export const endOf = (activity: Activity, occurrence: Occurrence | null): Date =>
  occurrence?.ends ?? activity.lastEnd

/** Answers the facts by which a guest may do things. */
export const guestFacts = ({ rsvp, activity, occurrence, off }: Guest, now: Date): GuestFacts => ({
  state: rsvp.state === 'held' && rsvp.heldUntil && rsvp.heldUntil <= now ? 'expired' : rsvp.state,
  asks: asksFirst(activity),
  accepted: rsvp.accepted !== null,
  off: off !== null,
  unsure: off === 'not-shown',
  started: (occurrence?.starts ?? activity.sortStart) <= now,
  over: endOf(activity, occurrence) <= now,
})

/** Answers when this guest's date is, for the clock of mails; null for "some time this week". */
export const meetingOf = (activity: Activity, occurrence: Occurrence | null): Meeting | null =>
  occurrence && {
    startDay: occurrence.startDay,
    endDay: occurrence.endDay,
    startLocal: occurrence.startLocal,
    endLocal: occurrence.endLocal,
    ends: occurrence.ends,
    zone: activity.zone,
  }
