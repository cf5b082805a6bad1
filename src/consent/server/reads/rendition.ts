import { sql } from 'kysely'
import { standingIn } from '#consent/server/hands.ts'
import { isVetted } from '#organisations/server/reads/members.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** What the calling room has proven of whoever asks, and for which surface: they post it, they are asked about it, they check it; or they are one of the two who may open what is held, and it is written down that they did. */
export type Pass = {
  as: 'poster' | 'asked' | 'checker' | 'opener'
  surface: string
  /** Who is asked: their own page goes on to show them what they said no to. */
  person?: string
}
export type Wish = { version: string; width: number; format: 'jpg' | 'webp' | 'avif'; pass?: Pass }
export type Rendition = { key: string; type: string; bytes: number }

const types = { jpg: 'image/jpeg', webp: 'image/webp', avif: 'image/avif' } as const

/** Answers where the bytes lie when this viewer may see them at this moment, else null, and then nothing tells why: the only door to bytes. Nothing that is held is answered to anybody but those who opened it. */
export async function renditionFor(db: Db, viewer: Viewer, wish: Wish, now: Date): Promise<Rendition | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wish.version)) return null
  const row = await rowOf(db, wish, now)
  const opened = wish.pass?.as === 'opener'
  if (!row || (row.hold !== null && !opened) || !row.made) return null
  // What somebody took back, or said or showed no to, is gone for all, also for whoever posted it, checks it or was asked as well.
  if (row.gone && !opened) return null
  const seen =
    row.public ||
    (wish.pass !== undefined && wish.pass.surface === row.surface) ||
    (viewer.account !== null && (await seenSignedIn(db, viewer, wish.version, now)))
  return seen ? { key: row.key, type: types[wish.format], bytes: row.bytes } : null
}

/** Whether somebody who is in a version `v`, or in what it was made from, took their yes to it back since it arrived, and has given no other since; or their family said that it stays taken down. What was taken back before leaves it to whoever posted it. */
const takenBack = sql<boolean>`(exists (
  select from placements l join people_shown s on s.id = any(l.about)
  where l.version = v.id and s.kept_down is not null and (s.died is not null or s.kept_down >= v.created)) or exists (
  select from placements l join permissions p on p.person = any(l.people)
  where l.version = v.id and p.state = 'withdrawn'
    and (p.surface is null or p.surface = v.surface)
    and not exists (select from consent_events e where e.person = p.person and e.kind = 'withdrawn'
      and e.facts ->> 'permission' = p.id::text and e.at < v.created)
    and not exists (select from permissions new where new.person = p.person and new.state = 'given' and new.created > p.created
      and (new.surface is null or new.surface = v.surface))))`

/** Whether somebody who is in a version `v` or what it was made from, also covered, but for one, said or showed no since it arrived, or somebody who decides for them did: no yes that counts took that back, and nobody found it to be over. A no from before leaves it to whoever posted it, so that they can cover it or take it out. */
const refused = (but: string | null) => sql<boolean>`exists (
  select from placements l join objections o on o.person = any(l.about)
  where l.version = v.id and o.ended is null and o.at >= v.created
    and o.person is distinct from ${but}::uuid
    and (o.surface is null or o.surface = v.surface)
    and (o.version is null or o.version in (select made.id from versions made where made.upload = v.upload))
    and (o.whose = 'observed' or not exists (
      select from consent_events e join permissions p on p.id = (e.facts ->> 'permission')::uuid and p.state = 'given'
      where e.person = o.person and e.kind = 'given' and e.facts -> 'after' ? o.id::text)))`

/** Whether a version `v` is gone for all, whoever asks; of somebody's own no, their own page knows. */
export const goneForAll = (but: string | null = null) => sql<boolean>`(${takenBack} or ${refused(but)})`

/** Answers which of some versions are not gone for all; of somebody's own no, their own page knows. */
export async function stillThere(
  db: Db,
  all: readonly string[],
  but: string | null = null,
): Promise<string[]> {
  if (all.length === 0) return []
  const rows = await db
    .selectFrom('versions as v')
    .select('v.id')
    .where('v.id', 'in', [...all])
    .where((on) => on.not(goneForAll(but)))
    .execute()
  const there = new Set(rows.map(({ id }) => id))
  return all.filter((id) => there.has(id))
}

async function rowOf(db: Db, { version, width, format, pass }: Wish, now: Date) {
  return db
    .selectFrom('renditions as r')
    .innerJoin('versions as v', 'v.id', 'r.version')
    .leftJoin('surfaces as f', 'f.id', 'v.surface')
    .select(['r.key', 'r.bytes', 'v.surface', 'f.hold'])
    .select(sql<boolean>`v.state in ('visible', 'made')`.as('made'))
    .select(sql<boolean>`version_shows(r.version, 5::smallint, ${now}::timestamptz)`.as('public'))
    .select(goneForAll(pass?.person).as('gone'))
    .where('r.version', '=', version)
    .where('r.width', '=', width)
    .where('r.format', '=', format)
    .executeTakeFirst()
}

/** What vetted practitioners see, and what members of the organisation that answers for it see. */
async function seenSignedIn(db: Db, viewer: Viewer, version: string, now: Date): Promise<boolean> {
  const shows = (circle: 2 | 4) =>
    sql<boolean>`version_shows(${version}::uuid, ${circle}::smallint, ${now}::timestamptz)`
  const row = await db
    .selectFrom('placements')
    .select(['organisation', shows(4).as('practitioners'), shows(2).as('members')])
    .where('version', '=', version)
    .where('state', '=', 'live')
    .orderBy('circle', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return false
  if (row.practitioners && (await isVetted(db, viewer))) return true
  return row.members && (await standingIn(db, viewer, row.organisation)).member
}
