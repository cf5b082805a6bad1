import { sql } from 'kysely'
import { mayAnswerConcerns } from '#desk/may.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** Something that was hidden or taken down, and not by whoever made it. */
export type Hidden = {
  room: 'activities' | 'stories'
  id: string
  /** "" while it is held. */
  title: string
  held: boolean
  /** When it was hidden last. */
  at: Date
}

/** How many lines a page has. */
const onePage = 50

/** Answers what is hidden or taken down now, newest first, fifty a page, with whether there are more. What its own host or teller took away is not among it. For those who answer concerns. */
export async function hiddenThings(
  db: Db,
  viewer: Viewer,
  { page }: { page: number },
): Promise<{ things: Hidden[]; more: boolean }> {
  if (!mayAnswerConcerns(viewer)) throw missing()
  const { rows } = await sql<Hidden>`
    select 'activities' as room, a.id, case when a.held is null then a.title else '' end as title,
      a.held is not null as held, last.at
    from activities a
    cross join lateral (
      select c.at, c.by_host from activity_changes c
      where c.activity = a.id and c.to_state is not null order by c.id desc limit 1) last
    where a.state = 'withdrawn' and a.set_aside is null and not last.by_host
    union all
    select 'stories', s.id, case when s.held is null then s.title else '' end, s.held is not null,
      coalesce(
        (select max(c.at) from story_changes c where c.story = s.id and c.to_state = 'hidden'), s.updated)
    from stories s
    where s.state = 'hidden' and s.set_aside is null
    order by at desc, id
    limit ${onePage + 1} offset ${(page - 1) * onePage}`.execute(db)
  return { things: rows.slice(0, onePage), more: rows.length > onePage }
}
