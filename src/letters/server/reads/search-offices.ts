import { sql } from 'kysely'
import { mostOffices } from '#letters/letter.ts'
import { anyLeftAlone, leftAloneAmong } from '#letters/server/reads/do-not-write.ts'
import { officesBy, type Office } from '#letters/server/reads/offices.ts'
import { plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'

/** So many offices are answered at once. */
export const mostFound = 30

export type OfficeSearch = {
  words: string
  nation: string | null
  /** Which classifications come first, in this order; the others come after them. */
  looksFor: readonly string[]
  /** Only the posts and people of this body. */
  inside: string | null
}

/** Answers the offices that all words fit, by their name, their post, their body or their area, the asked-for sorts first; bodies before their posts, posts whether anybody holds them or not. Without words, the bodies of the asked-for sorts, or everybody inside a body. Whatever has ended is left out; the first thirty are shown, and all counted. */
export async function searchOffices(
  db: Db,
  search: OfficeSearch,
  now: Date,
): Promise<{ offices: Office[]; count: number }> {
  const { refs, count } = await refsFound(db, search, mostFound, now)
  return { offices: await officesBy(db, refs, now), count }
}

/** Answers how many of what a search finds can be written to: without those that asked not to be; null when it finds more than one letter may go to. */
export async function countToWrite(
  db: Db,
  search: OfficeSearch,
  { count, offices }: { count: number; offices: Office[] },
  now: Date,
): Promise<number | null> {
  if (count > mostOffices) return null
  if (!(await anyLeftAlone(db))) return count
  const all =
    count > offices.length
      ? await officesBy(db, (await refsFound(db, search, mostOffices, now)).refs, now)
      : offices
  return all.length - (await leftAloneAmong(db, all)).size
}

/** Answers the references of what a search finds, in its order, at most so many; and how many there are. */
export async function refsFound(
  db: Db,
  search: OfficeSearch,
  most: number,
  now: Date,
): Promise<{ refs: string[]; count: number }> {
  const words = plainWords(search.words).split(' ').filter(Boolean).slice(0, 8)
  const bodies = words.length === 0 && search.inside === null
  const rows = bodies
    ? await bodiesOf(db, search, most, now)
    : await refsFor(db, { ...search, all: words, most }, now)
  return { refs: rows.map(({ ref }) => ref), count: rows[0]?.count ?? 0 }
}

type Found = { ref: string; count: number }

const dayOf = (now: Date): string => now.toISOString().slice(0, 10)

async function bodiesOf(
  db: Db,
  { nation, looksFor }: OfficeSearch,
  most: number,
  now: Date,
): Promise<Found[]> {
  if (looksFor.length === 0) return []
  const { rows } = await sql<Found>`
    select 'organisation:' || id as ref, count(*) over () as count from directory_organisations
    where classification = any(${looksFor}::text[]) and (nation is null or nation = ${nation}::text)
      and (ended is null or ended >= ${dayOf(now)}::date)
    order by array_position(${looksFor}::text[], classification), name, id limit ${most}`.execute(db)
  return rows
}

/** A body, a post with whoever holds it (a post that several hold: each of them), or somebody without a post, each with the words it is found by. */
const everyOffice = sql`
      select 'organisation:' || o.id as ref, o.id as organisation, 0 as place, o.name as label,
        o.search || coalesce(area.search, '') as words
      from bodies join directory_organisations o on o.id = bodies.id
      left join directory_areas area on area.id = o.area
      union all
      select case when holder.count > 1 then 'person:' || holder.person else 'post:' || p.id end,
        p.organisation, 1, p.label,
        p.search || o.search || coalesce(area.search, '') || coalesce(holder.search, '')
      from posts join directory_posts p on p.id = posts.id
      join directory_organisations o on o.id = p.organisation
      left join directory_areas area on area.id = p.area
      left join lateral (
        select m.person, person.search, count(*) over () as count
        from directory_memberships m join directory_people person on person.id = m.person, asked
        where m.post = p.id and (m.end_date is null or m.end_date >= asked.today)
          and (m.start_date is null or m.start_date <= asked.today)
      ) holder on true, asked
      where p.ended is null or p.ended >= asked.today
      union all
      select 'person:' || person.id, o.id, 2, person.name, person.search || o.search
      from held join directory_people person on person.id = held.person
      join directory_organisations o on o.id = held.organisation
      where held.post is null`

async function refsFor(
  db: Db,
  { nation, looksFor, inside, all, most }: OfficeSearch & { all: readonly string[]; most: number },
  now: Date,
): Promise<Found[]> {
  // Inside a body everything is looked at; the words only choose from it.
  const any = inside === null ? all.map((word) => `${word}:*`).join(' | ') : null
  const every = all.length === 0 ? null : all.map((word) => `${word}:*`).join(' & ')
  const bodies =
    inside === null
      ? sql`select o.id from directory_organisations o, asked where o.search @@ asked.any_word
      union select o.id from directory_organisations o where o.area in (select id from areas)`
      : sql`select ${inside}::uuid as id`
  const { rows } = await sql<Found>`
    with asked as materialized (
      select ${any}::tsquery as any_word, ${every}::tsquery as all_words, ${dayOf(now)}::date as today
    ), areas as materialized (
      select a.id from directory_areas a, asked where a.search @@ asked.any_word
    ), bodies as materialized (
      ${bodies}
    ), people as materialized (
      select p.id from directory_people p, asked where p.search @@ asked.any_word
    ), held as materialized (
      select m.person, m.post, m.organisation from directory_memberships m, asked
      where (m.end_date is null or m.end_date >= asked.today)
        and (m.start_date is null or m.start_date <= asked.today)
        and (m.person in (select id from people) or m.organisation in (select id from bodies))
    ), posts as materialized (
      select p.id from directory_posts p, asked where p.search @@ asked.any_word
      union select p.id from directory_posts p where p.organisation in (select id from bodies)
      union select p.id from directory_posts p where p.area in (select id from areas)
      union select held.post from held where held.post is not null
    ), found as (${everyOffice})
    select ref, count(*) over () as count from (
      select distinct on (found.ref) found.ref, found.place, found.label, o.name, o.id,
        array_position(${looksFor}::text[], o.classification) as sort
      from found join directory_organisations o on o.id = found.organisation, asked
      where (asked.all_words is null or found.words @@ asked.all_words) and o.classification <> 'party'
        and (${inside}::uuid is null or (o.id = ${inside}::uuid and found.place > 0))
        and (o.nation is null or ${nation}::text is null or o.nation = ${nation}::text)
        and (o.ended is null or o.ended >= asked.today)
      order by found.ref
    ) offices
    order by sort nulls last, place > 0, name, id, place, label, ref limit ${most}`.execute(db)
  return rows
}

/** Answers which of these bodies have posts or people of their own in the directory. */
export async function withPeople(db: Db, bodies: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id::text from unnest(${bodies}::uuid[]) body (id)
    where exists (select from directory_posts p where p.organisation = body.id)
      or exists (select from directory_memberships m where m.organisation = body.id)`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
