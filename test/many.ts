import { sql } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** Makes so many published activities of a week in one statement: spread over days, kinds, eight countries and the towns in them, every fiftieth a series of four, every tenth without a place, every seventh "some time this week". The same number makes the same rows. */
export async function makeMany(db: Db, count: number, year = 2027): Promise<void> {
  await sql`
    insert into activities (slug, week, kind, title, summary, state, published, mode, timing, start_day, start_local,
      end_local, zone, sort_start, last_end, series, town, country, lat, lon, public_lat, public_lon, place_name,
      private_place, languages, access, welcome, host_name)
    select 'many-' || w.year || '-' || lpad(n::text, 7, '0'), w.year,
      (array['cafe','taster','letter','showing','blog','talk','training','display','visit','conversation'])[1 + n % 10],
      (array['Coffee','Film','Letters','Taster','Open door','Quiet hour','Singing','Garden'])[1 + n % 8] || ' in ' || p.name
        || case when n % 20 = 0 then ' for the community' else '' end,
      'Come for ten minutes or two hours, number ' || n, 'published', '2027-09-01', f.mode, f.timing,
      f.day, f.local, f.local + interval '90 minutes', case when f.timing = 'time' then p.zone end,
      case when f.timing = 'time' then f.local at time zone p.zone else w.monday::timestamp at time zone 'Etc/GMT-14' end,
      case when f.timing = 'time' then (f.local + case when f.series then interval '21 days' else '0' end + interval '90 minutes')
        at time zone p.zone else (w.monday + 7)::timestamp at time zone 'Etc/GMT+12' end,
      case when f.series then '{"every": "week", "until": "2027-12-01"}'::jsonb end,
      case when f.mode = 'in-person' then p.name end, case when n % 10 <> 9 then p.country end,
      case when f.mode = 'in-person' then p.lat end, case when f.mode = 'in-person' then p.lon end,
      case when f.mode = 'in-person' then p.lat end, case when f.mode = 'in-person' then p.lon end,
      case when f.mode = 'in-person' then 'Hall ' || n end, n % 6 = 0,
      array[case when p.country = 'DK' then 'da' else 'en' end],
      case when n % 3 = 0 then '{step-free,quiet-space}' else '{}' end::text[],
      case when n % 4 = 0 then '{families}' else '{everyone}' end::text[], 'Host ' || n % 500
    from weeks w cross join generate_series(1, ${count}::int) n
    join (
      select row_number() over (order by population desc, id) - 1 as at, count(*) over () as towns, * from (
        select * from places where country in ('GB','DK','US','AU','NZ','IE','FJ','IN') order by population desc, id limit 400
      ) largest
    ) p on p.at = (n::bigint * 7919) % p.towns
    cross join lateral (
      select case when n % 7 = 3 then 'week' else 'time' end as timing,
        case when n % 10 in (2, 9) then 'online' else 'in-person' end as mode
    ) t
    cross join lateral (
      select t.timing, t.mode, t.timing = 'time' and n % 50 = 0 as series,
        case when t.timing = 'time' then w.monday + (n / 7) % 7 end as day,
        case when t.timing = 'time' then (w.monday + (n / 7) % 7) + make_interval(hours => 8 + n % 12, mins => 15 * (n % 4)) end as local
    ) f
    where w.year = ${year}`.execute(db)
  await sql`
    insert into occurrences (activity, original_day, start_day, end_day, start_local, end_local, starts, ends)
    select a.id, d.day, d.day, d.day, d.local, d.local + interval '90 minutes',
      d.local at time zone a.zone, (d.local + interval '90 minutes') at time zone a.zone
    from activities a
    cross join lateral generate_series(0, case when a.series is null then 0 else 3 end) k
    cross join lateral (select a.start_day + 7 * k as day, a.start_local + make_interval(days => 7 * k) as local) d
    where a.week = ${year} and a.slug like 'many-%' and a.timing = 'time'`.execute(db)
}
