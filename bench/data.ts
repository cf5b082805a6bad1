import { sql } from 'kysely'
import { makeWeek } from '../test/make.ts'
import type { Db } from '#platform/server/db.ts'

/** How much of everything a data set holds (limits of the product; World is not made yet). */
export type Size = { name: string; activities: number; stories: number; groups: number; countries: number }
export const village: Size = { name: 'Village', activities: 1_000, stories: 1_000, groups: 6, countries: 15 }
export const weekSize: Size = { name: 'Week', activities: 75_000, stories: 20_000, groups: 40, countries: 30 }

/** Fills an empty, migrated database with a data set of a size; the same every time. */
export async function fill(db: Db, size: Size): Promise<void> {
  // Filling 75,000 rows at once takes longer than a page may.
  await sql`set statement_timeout = 0`.execute(db)
  await makeWeek(db)
  await sql`insert into groups (slug, name, country, town)
    select 'group-' || n, 'Support group ' || n, 'GB', 'Leeds' from generate_series(1, ${size.groups}) n`.execute(
    db,
  )
  // Places in turn from the largest towns of the first so many countries, so that every country has some.
  await sql`create temporary table spots as
    select row_number() over (order by r, country) - 1 as n, name, country, lat, lon, zone from (
      select *, row_number() over (partition by country order by population desc) r from places
      where country in (select country from places group by country order by count(*) desc, country limit ${size.countries})
    ) towns where r <= 40`.execute(db)
  await sql`insert into activities (slug, week, kind, title, summary, description, state, published, mode, timing,
      start_day, start_local, end_local, zone, sort_start, last_end, town, country, lat, lon, public_lat, public_lon,
      languages, access, welcome, host_name, capacity)
    select 'activity-' || i, 2027, (array['cafe','taster','showing','talk','training','group-meeting','visit','display'])[1 + i % 8],
      (array['Coffee morning for families','Taster for the whole team','Film and talk about pauses','Open door at our school'])[1 + i % 4] || ' ' || i,
      'Come and see what being with somebody on their own terms can do.',
      repeat('We sit together, wait, and answer what we hear and see. Everybody from the community is welcome. ', 4),
      'published', now(), 'in-person', 'time', start::date, start, start + interval '90 minutes', spots.zone,
      start at time zone spots.zone, (start + interval '90 minutes') at time zone spots.zone,
      spots.name, spots.country, spots.lat + (i % 97) / 970.0, spots.lon + (i % 89) / 890.0,
      spots.lat + (i % 97) / 970.0, spots.lon + (i % 89) / 890.0,
      array['en'], array['step-free','quiet-space'], array['everyone'], 'Host ' || i, 30
    from generate_series(1, ${size.activities}) as g(i)
    join spots on spots.n = i % (select count(*) from spots)
    cross join lateral (select timestamp '2027-10-18 09:00' + (i % 7) * interval '1 day' + (i % 40) * interval '15 minutes' as start) t`.execute(
    db,
  )
  await sql`insert into occurrences (activity, original_day, start_day, end_day, start_local, end_local, starts, ends)
    select id, start_day, start_day, start_day, start_local, end_local, sort_start, last_end from activities`.execute(
    db,
  )
  await sql`insert into stories (slug, week, kind, country, town, title, body, author_name, drawing, state, published)
    select 'story-' || n, 2027, 'cafe', 'GB', 'Leeds', 'What happened when we waited, part ' || n,
      repeat('She hummed and I hummed back, and then we both waited for a while together. The whole community heard. ', 18),
      'Jo', n % 40, 'published', now() - n * interval '20 seconds'
    from generate_series(1, ${size.stories}) n`.execute(db)
  await answer(db)
  await photograph(db)
  await sql`vacuum analyze`.execute(db)
}

/** Five replies to each story, twenty to the seventh, and three who like it. */
async function answer(db: Db): Promise<void> {
  await sql`insert into replies (story, words, name, state, token, created)
    select id, repeat('This is how it was with us too, and we waited as well. ', 4), 'Reader ' || n, 'shown',
      sha256((slug || '-' || n)::bytea), published + n * interval '1 minute'
    from stories, generate_series(1, case slug when 'story-7' then 20 else 5 end) n`.execute(db)
  await sql`insert into likes (story, who) select id, lpad(n::text, 22, '0') from stories, generate_series(1, 3) n`.execute(
    db,
  )
}

/** One photograph for every story, as it stands when it was made, described and permitted. There are no bytes: those have rows of their own. */
async function photograph(db: Db): Promise<void> {
  await sql`with sent as (
      insert into uploads (surface, bytes, received, state, type, original, sha256)
      select id, 3000000, 3000000, 'made', 'jpeg', 'originals/' || slug, sha256(slug::bytea) from stories returning id, surface)
    insert into versions (upload, surface, number, width, height, words, state)
    select id, surface, 1, 3024, 4032, 'Two people on a mat, one leans in and waits', 'made' from sent`.execute(
    db,
  )
  await sql`insert into renditions (version, width, height, format, bytes, key)
    select v.id, w, w * 4 / 3, format, w * 150, v.id || '/' || w || '.' || format
    from versions v, unnest(array[320, 640, 1280, 2048]) w, unnest(array['jpg', 'webp', 'avif']) format`.execute(
    db,
  )
  const shows = sql`tstzmultirange(tstzrange(now() - interval '1 day', now() + interval '300 days'))`
  await sql`insert into surfaces (id, shows) select id, ${shows} from stories`.execute(db)
  await sql`insert into placements (version, surface, circle, purpose, posted_by, state, shows)
    select version, surface, 5, 'celebrate', 'link:bench', 'live', ${shows}
    from (select id as version, surface from versions union all select null, id from stories) parts`.execute(
    db,
  )
}
