import { readableByLink } from '#activities/activity.ts'
import { tableOpen } from '#activities/attendance.ts'
import {
  activityBy,
  asksFirst,
  calledOff,
  occurrencesOf,
  type Activity,
} from '#activities/server/reads/rsvp.ts'
import { seatsOf } from '#activities/server/reads/seats.ts'
import { waysToJoin, type Joining } from '#activities/seats.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { permissionClosed } from '#consent/server/reads/ledger.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

export type ComeDate = {
  /** Empty for "some time this week". */
  id: string
  when: string
  seats: { joining: Joining; free: number | null; waiting: number }[]
}

export type ComePage = {
  slug: string
  title: string
  when: string | null
  where: string
  /** Why nobody can say it here, as a sentence's name. */
  closed: MessageKey | null
  dates: ComeDate[]
  ways: readonly Joining[]
  asks: boolean
  /** Those who come to the place are told only then where exactly it is. */
  hidden: boolean
  example: boolean
}

/** Answers what the page for saying "I am coming" needs: the dates that are still ahead, the seats of each, and where in words anybody may read. Refuses what is not there or not for everybody. */
export async function readComePage(
  db: Db,
  _viewer: Viewer,
  input: { slug: string; language: Language },
  now: Date,
): Promise<ComePage> {
  const activity = await readable(db, input.slug)
  const say = { text: textIn(input.language), language: input.language }
  const week = await db
    .selectFrom('weeks')
    .select('monday')
    .where('year', '=', activity.week)
    .executeTakeFirstOrThrow()
  const of = { zone: activity.zone, monday: week.monday }
  const all = await occurrencesOf(db, activity.id)
  const ahead = all.filter((date) => date.status === 'on' && date.ends > now)
  const ways = waysToJoin(activity.mode)
  const over = activity.lastEnd <= now || (all.length > 0 && ahead.length === 0)
  const off = calledOff(activity, null) || (all.length > 0 && all.every((date) => date.status !== 'on'))
  const open = all.length > 0 ? ahead : [null]
  const dates: ComeDate[] = []
  // A long series offers its next year of dates; each needs one small question.
  for (const date of open.slice(0, 60)) {
    const counts = await seatsOf(db, activity, date?.id ?? null, now)
    dates.push({
      id: date?.id ?? '',
      when: sayDate(date, of, say),
      seats: counts
        .filter((count) => ways.includes(count.joining))
        .map(({ joining, free, waiting }) => ({ joining, free: waiting > 0 ? 0 : free, waiting })),
    })
  }
  return {
    slug: activity.slug,
    title: activity.title,
    when: dates.length === 1 ? (dates[0]?.when ?? null) : null,
    where: sayWhere(activity, say),
    closed: off
      ? 'come.called-off'
      : over
        ? 'come.over'
        : !activity.takesRsvps || ways.length === 0
          ? 'come.no-rsvps'
          : null,
    dates,
    ways,
    asks: asksFirst(activity),
    hidden: activity.privatePlace && ways.includes('in-person'),
    example: activity.example,
  }
}

/** Answers the activity that whoever has its address may read at this moment; any other looks like nothing is there. */
export async function readable(db: Db, slug: string): Promise<Activity> {
  const activity = await activityBy(db, 'slug', slug)
  if (!activity || !readableByLink.includes(activity.state) || (await permissionClosed(db))) throw missing()
  return activity
}

/** Answers what the page at the table shows: the name, and whether it counts now. */
export async function readTablePage(
  db: Db,
  _viewer: Viewer,
  input: { slug: string },
  now: Date,
): Promise<{ slug: string; title: string; open: boolean }> {
  const activity = await readable(db, input.slug)
  const open = !calledOff(activity, null) && tableOpen(activity.sortStart, activity.lastEnd, now)
  return { slug: activity.slug, title: activity.title, open }
}
