import { sql } from 'kysely'
import { heard } from '#comments/server/reads/replies.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import type { Circle } from '#kernel/permission-words.ts'
import type { Database, Db } from '#platform/server/db.ts'
import type { Activities, Groups, Stories } from '#platform/server/schema.ts'
import { cardOfLink, type LinkStands } from '#stories/linked-post.ts'
import type { NumberedPicture } from '#stories/picture.ts'
import type { Story } from '#stories/story.ts'

type NullableRow<Row> = { [Column in keyof Row]: Row[Column] | null }
export type Joined = Database & { s: Stories; a: NullableRow<Activities>; g: NullableRow<Groups> }

/** The one rule of what anybody may read, over stories `s`: published, permitted for all that it shows, its activity over, and nothing is held after a restore. Of "some time this week" the host's own report says that it is over. Nobody is in an example, so it is shown ahead of its time. */
export const shown = (now: Date) =>
  // A case, not an or: of that the planner makes two searches and sorts all they find, instead of going along the order.
  // Asked of each story by itself, or the planner reads all activities and all surfaces to answer it of twenty.
  sql<boolean>`s.state = 'published' and ${ledgerOpen} and (case when s.example then true else s.published <= ${now} end)
    and (s.activity is null or s.example or not exists (
      select from activities late where late.id = s.activity and late.last_end > ${now}
      and not (s.from_report and late.timing = 'week')))
    and (select true from surfaces_closed(5::smallint, ${now}) as closed (id) where closed.id = s.id) is null`

/** Whether a story `s` may be found by where, when and by whom: not when somebody in it must not be. */
export const locatable = sql<boolean>`coalesce((select f.locatable from surfaces f where f.id = s.id), true)`

/** The page of whoever tells a story `s`, under the very name it is signed with, as long as they stay. */
export const authorOf = sql`select page.slug from author_pages page join accounts who on who.id = page.account
  where page.name = s.author_name and who.erasing is null
    and (who.id = s.account or (who.email = s.email and who.email_verified))`

const joined = (db: Db) =>
  db
    .selectFrom('stories as s')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .leftJoin('groups as g', (on) => on.onRef('g.id', '=', 's.group').on('g.hidden', '=', false))

/** All stories that anybody may read at this moment. */
export const shownStories = (db: Db, now: Date) => joined(db).where(shown(now))

/** Answers which of some stories (at most 500) anybody can read at this moment, each with its word in the address: what every sentence about being seen says. */
export async function shownNow(db: Db, stories: readonly string[], now: Date): Promise<Map<string, string>> {
  if (stories.length === 0) return new Map()
  const rows = await shownStories(db, now)
    .select(['s.id', 's.slug'])
    .where('s.id', 'in', stories.slice(0, 500))
    .execute()
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}

/** More letters than any story has. */
export const wholeText = 1_000_000

/** How much of stories is read. */
export type Reading = {
  now: Date
  /** Letters of each body, and photographs of each story. */
  letters: number
  pictures: number
  /** Who can see the photographs: the week's public pages (5), or beyond our control (6). */
  circle: Circle & (5 | 6)
  /** Count who likes it and the replies. */
  heard: boolean
}

/** The photographs of a story `s` that may be seen there at this moment, in their order. */
const pictured = ({ now, pictures, circle }: Reading) => sql<NumberedPicture[]>`(
  select coalesce(json_agg(p order by p.position, p.created), '[]') from (
    select v.id, v.number, v.words, v.caption, v.width, v.height, v.position, v.created, v.state = 'made' as avif,
      array(select r.width from renditions r where r.version = v.id and r.format = 'webp' order by r.width) as widths
    from placements on_it join versions v on v.id = on_it.version
    where on_it.surface = s.id and on_it.state = 'live' and on_it.circle >= 5
      and v.state in ('visible', 'made')
      and exists (select from versions_shown(${circle}::smallint, ${now}) as ok (version) where ok.version = v.id)
    order by v.position, v.created limit ${pictures}) p)`

/** What was read where a story `s` leads to now; null when nothing was asked for. */
export const readThere = sql<LinkStands | null>`(
  select json_build_object('state', case when l.state = 'waiting' and l.tries > 0 then 'later' else l.state end, 'site', l.site, 'title', l.title, 'words', l.words)
  from linked_posts l where l.story = s.id and l.address = s.link)`

/** Reads stories as anybody may see them. Who may be seen is for the caller to say. */
export const seen = (db: Db, reading: Reading) =>
  joined(db)
    .select(['s.slug', 's.title', 's.authorName', 's.withName', 's.kind', 's.country', 's.town', 's.drawing'])
    .select(['s.drawingWords', 's.language', 's.week', 's.published', 's.updated', 's.toldHow'])
    .select(['s.link', 's.linkTitle', 's.linkWords'])
    .select(sql<string>`left(s.body, ${reading.letters})`.as('body'))
    .select(['g.slug as groupSlug', 'g.name as groupName'])
    .select(
      sql<
        string | null
      >`case when a.state = 'published' or (a.state = 'cancelled' and a.published is not null) then a.slug end`.as(
        'activitySlug',
      ),
    )
    .select('a.title as activityTitle')
    .select(locatable.as('locatable'))
    .select(sql<string | null>`(${authorOf} limit 1)`.as('author'))
    .select(readThere.as('read'))
    .select(pictured(reading).as('pictures'))
    .select((reading.heard ? heard : sql<null>`null`).as('heard'))

type Row = Awaited<ReturnType<ReturnType<typeof seen>['execute']>>[number]

/** The first day of the month of a moment, by which nobody is found. */
const monthOf = (moment: Date): Date => new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), 1))

/** Answers a row as a story; of one that must not be found, without all that leads to a place, a group or a host, and with no more of its time than the month (rule 15). */
export function storyOf(row: Row): Story {
  const found = row.locatable
  const when = (moment: Date): Date => (found ? moment : monthOf(moment))
  const { activitySlug, activityTitle, groupSlug, groupName } = row
  return {
    slug: row.slug,
    title: row.title,
    body: row.body,
    authorName: row.authorName,
    withName: row.withName,
    toldHow: row.toldHow,
    author: found ? row.author : null,
    locatable: found,
    kind: row.kind,
    country: found ? row.country : null,
    town: found ? row.town : null,
    drawing: row.drawing,
    drawingWords: row.drawingWords,
    language: row.language,
    week: row.week,
    published: when(row.published ?? row.updated),
    updated: when(row.updated),
    activity: !found || activitySlug === null ? null : { slug: activitySlug, title: activityTitle ?? '' },
    group: !found || groupSlug === null ? null : { slug: groupSlug, name: groupName ?? '' },
    pictures: row.pictures.map(({ id, number, words, caption, width, height, widths, avif }) => ({
      id,
      number,
      words,
      caption,
      width,
      height,
      widths,
      avif,
    })),
    link: found ? cardOfLink(row, row.read) : null,
    heard: row.heard,
  }
}
