import type { Language } from '#kernel/messages.ts'
import { textIn } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import { backTo, hostSteps } from '#activities/host.ts'
import {
  activityBy,
  calledOff,
  mondayOf,
  occurrencesOf,
  sealedIfHeld,
  takenDown,
  type Activity,
  type Occurrence,
} from '#activities/server/reads/rsvp.ts'
import { takenAhead } from '#activities/server/reads/seats.ts'
import { capacityOf } from '#activities/seats.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'

export type HostPart = 'host' | 'second' | 'co-host'
/** Whoever holds a mailed link: which address, of which activity, and whether it has said yes. */
export type Host = { activity: string; email: string; name: string; part: HostPart; confirmed: Date | null }

/** Answers who holds a mailed word; refuses a forged one and one that has ended alike, so that the page can offer a new one. */
export async function hostOf(db: Db, token: string, now: Date): Promise<Host> {
  const row = await db
    .selectFrom('hostLinks')
    .innerJoin('hosts', (on) =>
      on.onRef('hosts.activity', '=', 'hostLinks.activity').onRef('hosts.email', '=', 'hostLinks.email'),
    )
    .select(['hosts.activity', 'hosts.email', 'hosts.name', 'hosts.part', 'hosts.confirmed'])
    .where('hostLinks.token', '=', hashToken(token))
    .where('hostLinks.expires', '>', now)
    .executeTakeFirst()
  if (!row) throw new Refusal('missing', 'refusal.link')
  return row
}

/** Answers the activity of a mailed word, and its Monday, to a host who has said yes; refuses everybody else, and all while it is held. */
export async function hostedBy(
  db: Db,
  token: string,
  now: Date,
): Promise<{ activity: Activity; monday: Day }> {
  const host = await hostOf(db, token, now)
  if (host.confirmed === null) throw new Refusal('forbidden', 'edit.refusal.confirm')
  const activity = await activityBy(db, 'id', host.activity)
  if (!activity) throw missing()
  if (activity.held !== null) throw new Refusal('conflict', 'refusal.held')
  return { activity, monday: await mondayOf(db, activity.week) }
}

/** Answers what a host's own page shows; of what is held for somebody's safety only what became of it. Before the address has said yes, only what it was told in the mail. */
export async function hostPage(db: Db, token: string, language: Language, now: Date) {
  const host = await hostOf(db, token, now)
  const found = await activityBy(db, 'id', host.activity)
  if (!found) throw missing()
  const activity = sealedIfHeld(found)
  const week = await db
    .selectFrom('weeks')
    .select(['monday', 'year', 'state'])
    .where('year', '=', activity.week)
    .executeTakeFirstOrThrow()
  const dates = await occurrencesOf(db, activity.id)
  const say = { text: textIn(language), language }
  const was = { published: activity.published !== null, takenDown: await takenDown(db, activity.id) }
  return {
    token,
    part: host.part,
    confirmed: host.confirmed !== null,
    slug: activity.slug,
    title: activity.title,
    state: activity.state,
    reason: activity.reason,
    held: activity.held !== null,
    when: sayDate(dates[0] ?? null, { zone: activity.zone, monday: week.monday }, say),
    where: sayWhere(activity, say),
    dates: dates.length,
    saysHowToJoin:
      !['online', 'hybrid'].includes(activity.mode) ||
      activity.joinUrl !== null ||
      (activity.joinDetails ?? '') !== '',
    over: activity.lastEnd <= now,
    off: calledOff(activity, null),
    /** A week that is still being prepared has no list yet. */
    announced: week.state !== 'draft',
    listed: activity.state === 'published' || (activity.state === 'cancelled' && was.published),
    steps: hostSteps(activity.state, was),
    back: backTo(activity.state, was),
    takenDown: was.takenDown,
    coming: await comingTo(db, activity),
    tooMany: await tooManyFor(db, activity, { dates, monday: week.monday, say }, now),
    others: host.confirmed ? await otherHosts(db, host) : [],
  }
}
type Saying = { dates: readonly Occurrence[]; monday: Day; say: Parameters<typeof sayDate>[2] }

/** Answers the dates ahead on which more seats are taken than there are: the host made them fewer. */
async function tooManyFor(db: Db, activity: Activity, { dates, monday, say }: Saying, now: Date) {
  return (await takenAhead(db, activity.id, now)).flatMap(({ occurrence, joining, taken }) => {
    const capacity = capacityOf(activity, joining)
    if (capacity === null || taken <= capacity) return []
    const date = dates.find((one) => one.id === occurrence) ?? null
    return [{ joining, capacity, taken, when: sayDate(date, { zone: activity.zone, monday }, say) }]
  })
}

export type HostPage = Awaited<ReturnType<typeof hostPage>>

async function comingTo(db: Db, activity: Activity): Promise<number> {
  const row = await db
    .selectFrom('rsvps')
    .select((on) => on.fn.coalesce(on.fn.sum<string>('seats'), on.val('0')).as('seats'))
    .where('activity', '=', activity.id)
    .where('state', '=', 'going')
    .executeTakeFirstOrThrow()
  return Number(row.seats)
}

async function otherHosts(db: Db, host: Host): Promise<{ email: string; name: string; part: string }[]> {
  return db
    .selectFrom('hosts')
    .select(['email', 'name', 'part'])
    .where('activity', '=', host.activity)
    .where('email', '<>', host.email)
    .where('confirmed', 'is not', null)
    .orderBy('created')
    .execute()
}
