import { addDays } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { deedsTo } from '#platform/server/audit.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import type { EntryStep, ListName } from '#weeks/lists.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import {
  isArchive,
  type Ask,
  type AskPrompts,
  type Audience,
  type Cluster,
  type HowTo,
  type Kind,
  type Titles,
  type Verb,
  type Week,
  type WeekPolicy,
  type WeekStep,
  type Words,
} from '#weeks/week.ts'

/** An example week that was set aside is there for nobody. */
const weeks = (db: Db) =>
  db
    .selectFrom('weeks')
    .where((on) => on.or([on('example', '=', false), on('setAside', 'is', null)]))
    .select(['year', 'monday', 'name', 'theme', 'dayThemes', 'hashtag', 'announcement', 'announced'])
    .select(['state', 'policy', 'source', 'known', 'example'])

type Row = Omit<Week, 'sunday' | 'state' | 'policy'> & { state: string; policy: unknown }

const weekOf = (row: Row): Week => ({
  ...row,
  sunday: addDays(row.monday, 6),
  state: row.state as WeekStep,
  policy: row.policy as WeekPolicy,
})

/** Answers the announced week that is on or comes next (a real one before an example), else the newest that was, else null. A draft is never answered. */
export async function currentWeek(db: Db, now: Date): Promise<Week | null> {
  // A week's Sunday ends everywhere twelve hours after it has ended at UTC.
  const lastMonday = addDays(new Date(now.getTime() - 12 * 3_600_000).toISOString().slice(0, 10), -6)
  const next = await weeks(db)
    .where('state', '=', 'announced')
    .where('monday', '>=', lastMonday)
    .orderBy('example')
    .orderBy('monday')
    .limit(1)
    .executeTakeFirst()
  if (next) return weekOf(next)
  const last = await weeks(db)
    .where('state', '<>', 'draft')
    .orderBy('monday', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? weekOf(last) : null
}

/** Answers the current week unless it is only an archive: the one that pages are about when no week was asked for. Null means that the next date has not been announced. */
export async function weekInSight(db: Db, now: Date): Promise<Week | null> {
  const week = await currentWeek(db, now)
  return week && !isArchive(week, now) ? week : null
}

/** Answers the weeks that are archives, newest first. */
export async function pastWeeks(db: Db, now: Date): Promise<Week[]> {
  const rows = await weeks(db).where('state', '<>', 'draft').orderBy('monday', 'desc').limit(50).execute()
  return rows.map(weekOf).filter((week) => isArchive(week, now))
}

/** Answers a week by its year, a draft only to those who may change weeks; null when there is none. */
export async function weekByYear(db: Db, viewer: Viewer, year: number): Promise<Week | null> {
  const row = await weeks(db)
    .where('year', '=', year)
    .$if(!mayChangeWeeks(viewer), (query) => query.where('state', '<>', 'draft'))
    .executeTakeFirst()
  return row ? weekOf(row) : null
}

/** Answers all weeks, newest first, drafts only to those who may change weeks. */
export async function listWeeks(db: Db, viewer: Viewer): Promise<Week[]> {
  const rows = await weeks(db)
    .$if(!mayChangeWeeks(viewer), (query) => query.where('state', '<>', 'draft'))
    .orderBy('monday', 'desc')
    .execute()
  return rows.map(weekOf)
}

/** Answers the kinds of activity a week has, in their order, retired ones last of all. */
export async function kindsOf(db: Db, year: number): Promise<Kind[]> {
  const rows = await db
    .selectFrom('kinds')
    .select(['code', 'names', 'hints', 'tenMinutes', 'titles', 'how', 'drawing', 'defaultMinutes', 'retired'])
    .select('revision')
    .where('week', '=', year)
    .orderBy('retired')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    ...row,
    names: row.names as Words,
    hints: row.hints as Words,
    tenMinutes: row.tenMinutes as Words,
    titles: row.titles as Record<string, Titles>,
    how: row.how as Record<string, HowTo>,
  }))
}

/** Answers the verbs of the week's call with the kinds they lead to, in their order, retired ones last of all. */
export async function verbsOf(db: Db, year: number): Promise<Verb[]> {
  const rows = await db
    .selectFrom('verbs')
    .select(['code', 'kind', 'names', 'tenMinutes', 'onHome', 'retired', 'revision'])
    .where('week', '=', year)
    .orderBy('retired')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, names: row.names as Words, tenMinutes: row.tenMinutes as Words }))
}

/** Answers what people are asked to write for in a week, in their order, retired ones last of all. */
export async function asksOf(db: Db, year: number): Promise<Ask[]> {
  const rows = await db
    .selectFrom('asks')
    .select(['code', 'names', 'words', 'easy', 'answer', 'prompts', 'sharedWords', 'retired', 'revision'])
    .where('week', '=', year)
    .orderBy('retired')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    ...row,
    names: row.names as Words,
    words: row.words as Words,
    easy: row.easy as Words,
    prompts: row.prompts as Record<string, AskPrompts>,
    template: row.sharedWords as Words,
  }))
}

/** Answers whom a week hopes to reach, in their order, retired ones last of all. What somebody chooses of these is private; only sums are public. */
export async function audiencesOf(db: Db, year: number): Promise<Audience[]> {
  const rows = await db
    .selectFrom('audiences')
    .select(['code', 'cluster', 'names', 'retired', 'revision'])
    .where('week', '=', year)
    .orderBy('retired')
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, cluster: row.cluster as Cluster, names: row.names as Words }))
}

/** Answers how many confirmed wishes to be told are still waiting for an announcement. */
export async function countWishes(db: Db): Promise<number> {
  const row = await db
    .selectFrom('announcementWishes')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('confirmed', 'is not', null)
    .where('toldWeek', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Answers how a wish to be told stands, by its mailed word; null when it was withdrawn, forgotten or never there. */
export async function wishByToken(db: Db, token: string): Promise<'asked' | 'confirmed' | null> {
  const row = await db
    .selectFrom('announcementWishes')
    .select('confirmed')
    .where('token', '=', hashToken(token))
    .executeTakeFirst()
  if (!row) return null
  return row.confirmed ? 'confirmed' : 'asked'
}

/** Answers the viewer's own wish to be told, for the download of own data. */
export const ownWishes = (db: Db, viewer: Viewer) =>
  db
    .selectFrom('announcementWishes')
    .select(['email', 'asked', 'confirmed', 'toldWeek'])
    .where('email', '=', viewer.email)
    .execute()

/** Answers what was done to one entry of a week's lists, newest first, with the differences. For organisers. */
export async function entryHistory(
  db: Db,
  viewer: Viewer,
  of: { list: ListName; week: number; code: string },
): Promise<EntryStep[]> {
  if (!mayChangeWeeks(viewer)) return []
  const entries = await deedsTo(db, `weeks:${of.week}/${of.list}/${of.code}`)
  return entries.slice(0, 20).map(({ at, who, action, details }) => {
    const { difference = {} } = details as { difference?: EntryStep['difference'] }
    return { at, who, action, difference }
  })
}
