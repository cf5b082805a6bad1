import { sql } from 'kysely'
import type { Activity, Rsvp } from '#activities/server/reads/rsvp.ts'
import { capacityOf, joinings, type Joining, type Party } from '#activities/seats.ts'
import type { ActivityView } from '#activities/view.ts'
import type { Db } from '#platform/server/db.ts'

/** Where seats are counted together: one date of one activity, in the room or online. */
export type Pool = { activity: string; occurrence: string | null; joining: Joining }

const inPool = (db: Db, pool: Pool) =>
  db
    .selectFrom('rsvps')
    .where('activity', '=', pool.activity)
    .where('joining', '=', pool.joining)
    .where(sql<boolean>`occurrence is not distinct from ${pool.occurrence}::uuid`)

/** Answers how many seats are taken at a moment: by those who are going, and those kept for somebody who has yet to confirm. An RSVP can be left out. */
export async function takenSeats(
  db: Db,
  pool: Pool,
  now: Date,
  without: string | null = null,
): Promise<number> {
  const row = await inPool(db, pool)
    .select((on) => on.fn.coalesce(on.fn.sum<string>('seats'), sql`0`).as('taken'))
    .where((on) =>
      on.or([on('state', '=', 'going'), on.and([on('seatKept', '=', true), on('heldUntil', '>', now)])]),
    )
    .$if(without !== null, (query) => query.where('id', '<>', without ?? ''))
    .executeTakeFirstOrThrow()
  return Number(row.taken)
}

/** Answers who waits, in the order of confirmation. */
export const waitingIn = (db: Db, pool: Pool): Promise<Party[]> =>
  inPool(db, pool)
    .select(['id', 'seats'])
    .where('state', '=', 'waiting')
    .orderBy('waitingSince')
    .orderBy('created')
    .orderBy('id')
    .execute()

export type SeatCount = {
  joining: Joining
  capacity: number | null
  going: number
  kept: number
  waiting: number
  asked: number
  /** Null when as many as like can come. Never below nought, also when the capacity was lowered. */
  free: number | null
}

/** Answers the seats of one date of an activity, in the room and online, at a moment: holds that have ended count no more. */
export async function seatsOf(
  db: Db,
  activity: Activity,
  occurrence: string | null,
  now: Date,
): Promise<SeatCount[]> {
  const rows = await db
    .selectFrom('rsvps')
    .select((on) => [
      'joining',
      on.fn.sum<string>('seats').filterWhere('state', '=', 'going').as('going'),
      on.fn
        .sum<string>('seats')
        .filterWhere((where) => where.and([where('seatKept', '=', true), where('heldUntil', '>', now)]))
        .as('kept'),
      on.fn.sum<string>('seats').filterWhere('state', '=', 'waiting').as('waiting'),
      on.fn.sum<string>('seats').filterWhere('state', '=', 'asked').as('asked'),
    ])
    .where('activity', '=', activity.id)
    .where(sql<boolean>`occurrence is not distinct from ${occurrence}::uuid`)
    .groupBy('joining')
    .execute()
  return joinings.map((joining) => {
    const row = rows.find((one) => one.joining === joining)
    const [going, kept, waiting, asked] = [row?.going, row?.kept, row?.waiting, row?.asked]
      .map(Number)
      .map((count) => count || 0) as [number, number, number, number]
    const capacity = capacityOf(activity, joining)
    return {
      joining,
      capacity,
      going,
      kept,
      waiting,
      asked,
      free: capacity === null ? null : Math.max(0, capacity - going - kept),
    }
  })
}

export type Taken = { occurrence: string | null; joining: Joining; taken: number }

/** Answers how many seats are taken on each date of an activity that is still ahead, in the room and online; dates nobody comes to are left out. */
export async function takenAhead(db: Db, activity: string, now: Date): Promise<Taken[]> {
  const { rows } = await sql<Taken>`
    select r.occurrence, r.joining, sum(r.seats)::int as taken
    from rsvps r left join occurrences o on o.id = r.occurrence
    where r.activity = ${activity}::uuid
      and (r.state = 'going' or (r.seat_kept and r.held_until > ${now}))
      and (o.id is null or (o.status = 'on' and o.ends > ${now}))
    group by r.occurrence, r.joining, o.starts
    order by o.starts, r.joining`.execute(db.withoutPlugins())
  return rows
}

/** Answers the place in the waiting list, 1 for the next; 0 for somebody who does not wait. */
export async function placeInLine(
  db: Db,
  rsvp: Pick<Rsvp, 'id' | 'activity' | 'occurrence' | 'joining'>,
): Promise<number> {
  const line = await waitingIn(db, rsvp)
  return line.findIndex((party) => party.id === rsvp.id) + 1
}

/** Answers, of activities that can still be come to, in which ways nobody new gets a seat at once on any date that is ahead: only those have a line. Never how many come. */
export async function fullWays(
  db: Db,
  activities: readonly Pick<ActivityView, 'slug' | 'limited'>[],
  now: Date,
): Promise<Record<string, Joining[]>> {
  const slugs = activities.filter(({ limited }) => limited).map(({ slug }) => slug)
  if (slugs.length === 0) return {}
  const { rows } = await sql<{ slug: string; joining: Joining }>`
    select a.slug, way.joining
    from activities a
    cross join lateral (values
      ('in-person', a.capacity),
      ('online', coalesce(a.online_capacity, case when a.mode = 'online' then a.capacity end))
    ) way (joining, capacity)
    left join occurrences o on o.activity = a.id and o.status = 'on' and o.ends > ${now}
    cross join lateral (
      select coalesce(sum(r.seats) filter (
          where r.state = 'going' or (r.seat_kept and r.held_until > ${now})), 0) as taken,
        count(*) filter (where r.state = 'waiting') as waiting
      from rsvps r
      where r.activity = a.id and r.occurrence is not distinct from o.id and r.joining = way.joining
    ) pool
    where a.slug = any(${slugs}) and a.takes_rsvps and a.last_end > ${now}
      and a.state in ('waiting', 'asked-for-more', 'published', 'by-link')
      and way.capacity is not null and a.mode in (way.joining, 'hybrid')
    group by a.slug, way.joining
    having bool_and(pool.taken >= way.capacity or pool.waiting > 0)
    order by a.slug, way.joining`.execute(db.withoutPlugins())
  const full: Record<string, Joining[]> = {}
  for (const { slug, joining } of rows) (full[slug] ??= []).push(joining)
  return full
}
