import { randomBytes } from 'node:crypto'
import type { Insertable } from 'kysely'
import audiences from '../scripts/seed/audiences.json' with { type: 'json' }
import kinds from '../scripts/seed/kinds.json' with { type: 'json' }
import { addDays, dayBeginsSomewhere, dayEndsEverywhere, instantOf, type Day } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import type { Activities, Occurrences, Stories, Weeks } from '#platform/server/schema.ts'
import { newToken } from '#platform/server/tokens.ts'

const random = (): string => randomBytes(5).toString('hex')

/** Makes an announced week with all its kinds; 18 to 24 October 2027 unless told otherwise. */
export async function makeWeek(db: Db, over: Partial<Insertable<Weeks>> = {}) {
  const week = {
    year: 2027,
    monday: '2027-10-18',
    name: 'Intensive Interaction Week 2027',
    state: 'announced' as const,
    announced: '2027-01-10T09:00:00Z',
    ...over,
  }
  await db.insertInto('weeks').values(week).execute()
  await db
    .insertInto('kinds')
    .values(
      kinds.map((kind, position) => ({
        week: week.year,
        code: kind.code,
        position,
        names: JSON.stringify(kind.names),
        hints: JSON.stringify(kind.hint),
        tenMinutes: JSON.stringify(kind.tenMinutes),
        titles: JSON.stringify({ en: { withTown: kind.titles.en, plain: kind.titlesPlain.en } }),
        how: JSON.stringify(kind.how),
        drawing: kind.drawing,
        defaultMinutes: kind.defaultMinutes,
      })),
    )
    .execute()
  return week
}

type OccurrenceOver = { day: Day; startLocal?: string; endLocal?: string; status?: 'on' | 'cancelled' }
export type ActivityOver = Partial<Insertable<Activities>> & {
  /** The dates of a series; a single dated activity gets its one by itself. */
  occurrences?: OccurrenceOver[]
  /** A confirmed host. */
  hostEmail?: string
}

/** Makes an activity as it lies in the database: a published café in Leeds on the Tuesday at ten, unless told otherwise. Give `timing` with its days or times to change when; the week must exist. */
export async function makeActivity(db: Db, over: ActivityOver = {}): Promise<{ id: string; slug: string }> {
  const { occurrences, hostEmail, ...own } = over
  const row = { ...plainActivity(), ...timesOf(own), ...own }
  const whole = {
    ...row,
    exact: row.exact ?? row.lat !== null,
    publicLat: row.publicLat ?? row.lat,
    publicLon: row.publicLon ?? row.lon,
    published: row.published ?? (row.state === 'published' ? '2027-09-01T10:00:00Z' : null),
  }
  const monday = (
    await db.selectFrom('weeks').select('monday').where('year', '=', whole.week).executeTakeFirstOrThrow()
  ).monday
  const dates = datesOf(whole, occurrences)
  const sortStart = dates[0]?.starts ?? dayBeginsSomewhere(monday).toISOString()
  const lastEnd = dates.at(-1)?.ends ?? dayEndsEverywhere(addDays(monday, 6)).toISOString()
  const made = await db
    .insertInto('activities')
    .values({ sortStart, lastEnd, ...whole })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()
  if (dates.length > 0) {
    await db
      .insertInto('occurrences')
      .values(dates.map((date) => ({ ...date, activity: made.id })))
      .execute()
  }
  if (hostEmail !== undefined) {
    await db
      .insertInto('hosts')
      .values({ activity: made.id, email: hostEmail, confirmed: '2027-08-30T10:00:00Z' })
      .execute()
  }
  return made
}

const plainActivity = () => ({
  slug: `coffee-${random()}`,
  week: 2027,
  kind: 'cafe',
  title: 'Coffee morning',
  state: 'published' as const,
  mode: 'in-person' as const,
  placeName: 'Community Centre' as string | null,
  town: 'Leeds' as string | null,
  country: 'GB' as string | null,
  lat: 53.79 as number | null,
  lon: -1.55 as number | null,
})

type Times = Pick<
  Insertable<Activities>,
  'timing' | 'startDay' | 'endDay' | 'startLocal' | 'endLocal' | 'zone'
>
function timesOf(own: Partial<Insertable<Activities>>): Times {
  const timing = own.timing ?? 'time'
  if (timing === 'week') return { timing }
  if (timing === 'day') return { timing, startDay: own.startDay ?? '2027-10-19' }
  const startLocal = own.startLocal ?? '2027-10-19T10:00'
  return {
    timing,
    startLocal,
    endLocal:
      own.endLocal ??
      startLocal.replace(
        /T(\d\d)/,
        (_, hour: string) => `T${hour < '22' ? String(Number(hour) + 2).padStart(2, '0') : '23'}`,
      ),
    startDay: startLocal.slice(0, 10),
    zone: own.zone ?? 'Europe/London',
  }
}

type OccurrenceRow = Omit<Insertable<Occurrences>, 'activity' | 'starts' | 'ends'> & {
  starts: string
  ends: string
}
function datesOf(row: Times, chosen: OccurrenceOver[] | undefined): OccurrenceRow[] {
  if (row.timing === 'week') return []
  const usual = { startTime: row.startLocal?.slice(11, 16), endTime: row.endLocal?.slice(11, 16) }
  const dates: OccurrenceOver[] = chosen ?? [{ day: row.startDay ?? '' }]
  return dates.map((date) => {
    const lastDay = chosen ? date.day : (row.endDay ?? date.day)
    if (row.timing === 'day') {
      return {
        originalDay: date.day,
        startDay: date.day,
        endDay: lastDay,
        starts: dayBeginsSomewhere(date.day).toISOString(),
        ends: dayEndsEverywhere(lastDay).toISOString(),
        status: date.status ?? 'on',
      }
    }
    const startLocal = date.startLocal ?? `${date.day}T${usual.startTime}`
    const endLocal =
      date.endLocal ?? (chosen ? `${startLocal.slice(0, 10)}T${usual.endTime}` : (row.endLocal ?? startLocal))
    return {
      originalDay: date.day,
      startDay: startLocal.slice(0, 10),
      endDay: endLocal.slice(0, 10),
      startLocal,
      endLocal,
      starts: instantOf(startLocal, row.zone ?? 'UTC').toISOString(),
      ends: instantOf(endLocal, row.zone ?? 'UTC').toISOString(),
      status: date.status ?? 'on',
    }
  })
}

/** Makes a story as it lies in the database: published on the Wednesday of the week, about no activity, unless told otherwise. */
export async function makeStory(
  db: Db,
  over: Partial<Insertable<Stories>> = {},
): Promise<{ id: string; slug: string }> {
  const state = over.state ?? 'published'
  return db
    .insertInto('stories')
    .values({
      slug: `story-${random()}`,
      week: 2027,
      title: 'She answered my hum',
      body: 'I hummed. She waited. Then she hummed back, longer.',
      authorName: 'Sam',
      kind: 'conversation',
      country: 'GB',
      town: 'Leeds',
      state,
      published: state === 'published' || state === 'hidden' ? '2027-10-20T12:00:00Z' : null,
      ...over,
    })
    .returning(['id', 'slug'])
    .executeTakeFirstOrThrow()
}

/** Makes a mailed link of whoever tells a story and answers its secret word. */
export async function makeStoryLink(db: Db, story: string): Promise<string> {
  const { token, hash } = newToken()
  await db.insertInto('storyLinks').values({ token: hash, story, expires: '2029-01-01T00:00:00Z' }).execute()
  return token
}

/** Makes a host of an activity with a mailed link and answers its secret word. */
export async function makeHostLink(db: Db, activity: string, email = 'host@example.org'): Promise<string> {
  const { token, hash } = newToken()
  await db
    .insertInto('hosts')
    .values({ activity, email, confirmed: '2027-08-30T10:00:00Z' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await db
    .insertInto('hostLinks')
    .values({ token: hash, activity, email, expires: '2029-01-01T00:00:00Z' })
    .execute()
  return token
}

/** Makes the audiences of a week, in their six plain groups. */
export async function makeAudiences(db: Db, week = 2027): Promise<void> {
  await db
    .insertInto('audiences')
    .values(
      audiences.audiences.map((one, position) => ({
        week,
        code: one.code,
        cluster: one.group,
        position,
        names: JSON.stringify(one.names),
      })),
    )
    .execute()
}
