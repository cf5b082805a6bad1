import { sql } from 'kysely'
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
}

/** Answers the offices that all words fit, by their name, their post, their body or their area, the asked-for sorts first; bodies before their posts, posts whether anybody holds them or not. Without words, the bodies of the asked-for sorts. Whatever has ended is left out; one more than are shown says that there are more. */
export async function searchOffices(
  db: Db,
  search: OfficeSearch,
  now: Date,
): Promise<{ offices: Office[]; more: boolean }> {
  const words = plainWords(search.words).split(' ').filter(Boolean).slice(0, 8)
  const refs = words.length === 0 ? await bodiesOf(db, search, now) : await refsFor(db, search, words, now)
  return { offices: await officesBy(db, refs.slice(0, mostFound), now), more: refs.length > mostFound }
}

const dayOf = (now: Date): string => now.toISOString().slice(0, 10)

async function bodiesOf(db: Db, { nation, looksFor }: OfficeSearch, now: Date): Promise<string[]> {
  if (looksFor.length === 0) return []
  const { rows } = await sql<{ ref: string }>`
    select 'organisation:' || id as ref from directory_organisations
    where classification = any(${looksFor}::text[]) and (nation is null or nation = ${nation}::text)
      and (ended is null or ended >= ${dayOf(now)}::date)
    order by array_position(${looksFor}::text[], classification), name, id limit 31`.execute(db)
  return rows.map(({ ref }) => ref)
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
  { nation, looksFor }: OfficeSearch,
  words: readonly string[],
  now: Date,
): Promise<string[]> {
  const any = words.map((word) => `${word}:*`).join(' | ')
  const all = words.map((word) => `${word}:*`).join(' & ')
  const { rows } = await sql<{ ref: string }>`
    with asked as materialized (
      select ${any}::tsquery as any_word, ${all}::tsquery as all_words, ${dayOf(now)}::date as today
    ), areas as materialized (
      select a.id from directory_areas a, asked where a.search @@ asked.any_word
    ), bodies as materialized (
      select o.id from directory_organisations o, asked where o.search @@ asked.any_word
      union select o.id from directory_organisations o where o.area in (select id from areas)
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
    select ref from (
      select distinct on (found.ref) found.ref, found.place, found.label, o.name, o.id,
        array_position(${looksFor}::text[], o.classification) as sort
      from found join directory_organisations o on o.id = found.organisation, asked
      where found.words @@ asked.all_words and o.classification <> 'party'
        and (o.nation is null or ${nation}::text is null or o.nation = ${nation}::text)
        and (o.ended is null or o.ended >= asked.today)
      order by found.ref
    ) offices
    order by sort nulls last, place > 0, name, id, place, label, ref limit 31`.execute(db)
  return rows.map(({ ref }) => ref)
}
