import { sql } from 'kysely'
import type { Task } from '#platform/server/queue.ts'

/** Counts the activities of every week again and puts the sums in place of all that was noted one by one. One statement for each sum, so that what is being written meanwhile counts once. Idempotent. */
export const recountActivities: Task = async (db) => {
  await sql`
    with gone as (delete from activity_tallies)
    insert into activity_tallies
    select week, kind, country, count(*), count(*) filter (where state = 'published'), count(lat),
      coalesce(sum(lat), 0), coalesce(sum(lon), 0), coalesce(sum(lon ^ 2), 0),
      coalesce(sum(lon_on), 0), coalesce(sum(lon_on ^ 2), 0)
    from (
      select week, kind, country, state, published, case when state = 'published' then public_lat end as lat,
        case when state = 'published' then public_lon end as lon,
        case when state = 'published' then case when public_lon < 0 then public_lon + 360 else public_lon end end as lon_on
      from activities
    ) a
    where state = 'published' or (state = 'cancelled' and published is not null)
    group by week, kind, country`.execute(db)
  await sql`
    with gone as (delete from activity_cells)
    insert into activity_cells
    select week, floor(public_lon * 2), floor(public_lat * 2), country, count(*), sum(public_lat), sum(public_lon), min(slug)
    from activities
    where public_lat is not null and state = 'published'
    group by 1, 2, 3, 4`.execute(db)
}

/** Moves each series whose date is over on to its next one, so that lists show it there. Idempotent. */
export const moveSeriesOn: Task = async (db, _payload, now) => {
  await sql`
    update activities a set sort_start = next.starts
    from (
      select o.activity, min(o.starts) as starts
      from occurrences o join activities s on s.id = o.activity
      where s.series is not null and s.sort_start <= ${now} and s.last_end > ${now} and o.status = 'on' and o.ends > ${now}
      group by o.activity
    ) next
    where next.activity = a.id and next.starts > a.sort_start`.execute(db)
}
