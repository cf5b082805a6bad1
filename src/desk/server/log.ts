import { sql } from 'kysely'
import { mayReadRecords } from '#desk/may.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { wordsOf, type Words } from '#weeks/week.ts'

/** What was done, as the log of the desk shows it. */
export type LogLine = {
  at: Date
  /** A name, or the address of somebody without one; "link", "site" and "somebody" for whoever has no account. */
  who: string
  action: string
  /** "room:id" */
  subject: string
  /** The thing, where it is still there. */
  thing: Found | null
}
/** The title is "" while it is held. */
type Found = { title: string; href: string }

/** How many lines a page has. */
const onePage = 100

/** Answers what was done, newest first, a hundred lines a page, with the things it was done to where they are still there; `older` is where the next page begins. For those who read the records. */
export async function readLog(
  db: Db,
  viewer: Viewer,
  { before }: { before: number | null },
): Promise<{ lines: LogLine[]; older: number | null }> {
  if (!mayReadRecords(viewer)) throw missing()
  const rows = await db
    .selectFrom('auditLog as log')
    .leftJoin('accounts as a', 'a.id', 'log.account')
    .select(['log.id', 'log.at', 'log.action', 'log.subject'])
    // Done by a mailed link it stays so, whoever was signed in meanwhile.
    .select(
      sql<string>`case when log.who = 'link' then log.who when a.name = '' then a.email
        else coalesce(nullif(log.who, ''), a.name, 'somebody') end`.as('who'),
    )
    .$if(before !== null, (query) => query.where('log.id', '<', before))
    .orderBy('log.id', 'desc')
    .limit(onePage + 1)
    .execute()
  const shown = rows.slice(0, onePage)
  const things = await thingsOf(
    db,
    shown.map(({ subject }) => subject),
  )
  return {
    lines: shown.map(({ id: _id, ...line }) => ({ ...line, thing: things.get(line.subject) ?? null })),
    older: rows.length > onePage ? (shown.at(-1)?.id ?? null) : null,
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Answers the things that subjects name, by subject; what is gone is not among them. */
async function thingsOf(db: Db, subjects: readonly string[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  const idsOf = (room: string): string[] =>
    subjects.flatMap((subject) => {
      const [in_, id = ''] = subject.split(':')
      return in_ === room && uuid.test(id) ? [id] : []
    })
  for (const [room, read] of Object.entries(rooms)) {
    const ids = [...new Set(idsOf(room))]
    if (ids.length === 0) continue
    for (const { id, ...thing } of await read(db, ids)) found.set(`${room}:${id}`, thing)
  }
  for (const subject of new Set(subjects)) {
    const thing = await entryOf(db, subject)
    if (thing) found.set(subject, thing)
  }
  return found
}

type Read = (db: Db, ids: readonly string[]) => Promise<(Found & { id: string })[]>

const rooms: Record<string, Read> = {
  accounts: async (db, ids) =>
    (await db.selectFrom('accounts').select(['id', 'name', 'email']).where('id', 'in', ids).execute()).map(
      ({ id, name, email }) => ({ id, title: name || email, href: '/desk/people' }),
    ),
  organisations: async (db, ids) =>
    (
      await db.selectFrom('organisations').select(['id', 'name', 'slug']).where('id', 'in', ids).execute()
    ).map(({ id, name, slug }) => ({ id, title: name, href: `/desk/organisations/${slug}` })),
  groups: async (db, ids) =>
    (
      await db
        .selectFrom('groups')
        .select(['id', 'name', 'slug'])
        .where('id', 'in', ids)
        .where('setAside', 'is', null)
        .execute()
    ).map(({ id, name, slug }) => ({ id, title: name, href: `/desk/groups/${slug}` })),
  activities: (db, ids) => titled(db, 'activities', ids),
  stories: (db, ids) => titled(db, 'stories', ids),
  replies: async (db, ids) =>
    (
      await db
        .selectFrom('replies as r')
        .innerJoin('stories as s', 's.id', 'r.story')
        .select(['r.id', 's.title'])
        .where('r.id', 'in', ids)
        .where('s.setAside', 'is', null)
        .execute()
    ).map(({ id, title }) => ({ id, title, href: '/desk/replies' })),
  // What pictures are shown on is a story.
  surfaces: (db, ids) => titled(db, 'stories', ids),
  imports: async (db, ids) =>
    (await db.selectFrom('imports').select(['id', 'source']).where('id', 'in', ids).execute()).map(
      ({ id, source }) => ({ id, title: source, href: `/activities/import/${id}` }),
    ),
}

async function titled(db: Db, room: 'activities' | 'stories', ids: readonly string[]) {
  const rows = await db
    .selectFrom(room)
    .select(['id', 'title', 'held'])
    .where('id', 'in', ids)
    .where('setAside', 'is', null)
    .execute()
  return rows.map(({ id, title, held }) => ({
    id,
    title: held === null ? title : '',
    href: `/desk/${room}/${id}`,
  }))
}

/** Answers a week, or an entry of one of its lists, that a subject names. */
async function entryOf(db: Db, subject: string): Promise<Found | null> {
  const [, year, list, code] =
    /^weeks:(\d{4})(?:\/(kinds|audiences|verbs)\/([a-z0-9-]+))?$/.exec(subject) ?? []
  if (year === undefined) return null
  if (list === undefined || code === undefined) {
    const week = await db
      .selectFrom('weeks')
      .select('name')
      .where('year', '=', Number(year))
      .where('setAside', 'is', null)
      .executeTakeFirst()
    return week ? { title: week.name, href: `/desk/weeks/${year}` } : null
  }
  const entry = await db
    .selectFrom(list as 'kinds')
    .select('names')
    .where('week', '=', Number(year))
    .where('code', '=', code)
    .executeTakeFirst()
  return entry ? { title: wordsOf(entry.names as Words, 'en'), href: `/desk/${list}/${year}/${code}` } : null
}
