import { sql, type SelectQueryBuilder } from 'kysely'
import { staleSeconds } from '#kernel/limits.ts'
import type { Database, Db } from '#platform/server/db.ts'
import type { Activities, Groups, Stories } from '#platform/server/schema.ts'
import type { StoryFilter } from '#stories/filter.ts'
import type { StoryPicture } from '#stories/picture.ts'
import type { Story } from '#stories/story.ts'

type Joined = Database & { s: Stories; a: NullableRow<Activities>; g: NullableRow<Groups> }
type NullableRow<Row> = { [Column in keyof Row]: Row[Column] | null }

/** The one rule of what anybody may read, over stories `s`: published, permitted for all that it shows, and its activity over. Of "some time this week" the host's own report says that it is over. Nobody is in an example, so it is shown ahead of its time. */
export const shown = (now: Date) =>
  // Asked of each story by itself, or the planner reads all activities to answer it of twenty.
  sql<boolean>`s.state = 'published' and (s.example or s.published <= ${now})
    and (s.activity is null or s.example or not exists (
      select from activities late where late.id = s.activity and late.last_end > ${now}
      and not (s.from_report and late.timing = 'week')))
    and not exists (select from surfaces_closed(5::smallint, ${now}) as closed (id) where closed.id = s.id)`

const joined = (db: Db) =>
  db
    .selectFrom('stories as s')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .leftJoin('groups as g', (on) => on.onRef('g.id', '=', 's.group').on('g.hidden', '=', false))

/** All stories that anybody may read at this moment. */
export const shownStories = (db: Db, now: Date) => joined(db).where(shown(now))

const whole = 1_000_000
const mostPictures = 40
const beginning = 700

/** The pictures of a story `s` that everybody may see; of a card the first one only. */
const pictured = (most: number) => sql<StoryPicture[]>`(
  select coalesce(json_agg(p order by p.position, p.created), '[]') from (
    select v.id, v.words, v.caption, v.width, v.height, v.position, v.created, v.state = 'made' as avif,
      array(select r.width from renditions r where r.version = v.id and r.format = 'webp' order by r.width) as widths
    from placements on_it join versions v on v.id = on_it.version
    where on_it.surface = s.id and on_it.state = 'live' and on_it.circle >= 5 and v.state in ('visible', 'made')
    order by v.position, v.created limit ${most}) p)`

/** Reads stories as anybody may see them; `letters` is how much of each body. Who may be seen is for the caller to say. */
const seen = (db: Db, letters: number) =>
  joined(db)
    .select(['s.slug', 's.title', 's.authorName', 's.withName', 's.kind', 's.country', 's.town', 's.drawing'])
    .select(['s.drawingWords', 's.language', 's.week', 's.published', 's.updated'])
    .select(sql<string>`left(s.body, ${letters})`.as('body'))
    .select(['g.slug as groupSlug', 'g.name as groupName'])
    .select(
      sql<
        string | null
      >`case when a.state = 'published' or (a.state = 'cancelled' and a.published is not null) then a.slug end`.as(
        'activitySlug',
      ),
    )
    .select('a.title as activityTitle')
    .select(pictured(letters === whole ? mostPictures : 1).as('pictures'))

type Row = Awaited<ReturnType<ReturnType<typeof seen>['execute']>>[number]
function storyOf({ activitySlug, activityTitle, groupSlug, groupName, published, ...row }: Row): Story {
  return {
    ...row,
    pictures: row.pictures.map(({ id, words, caption, width, height, widths, avif }) => ({
      id,
      words,
      caption,
      width,
      height,
      widths,
      avif,
    })),
    published: published ?? row.updated,
    activity: activitySlug === null ? null : { slug: activitySlug, title: activityTitle ?? '' },
    group: groupSlug === null ? null : { slug: groupSlug, name: groupName ?? '' },
  }
}

const narrowed = <Output>(
  query: SelectQueryBuilder<Joined, 's' | 'a' | 'g', Output>,
  filter: StoryFilter & { week: number },
) =>
  query
    .where('s.week', '=', filter.week)
    .$if(filter.q !== null, (on) =>
      on.where(sql<boolean>`s.search @@ websearch_to_tsquery('simple', plain(${filter.q}))`),
    )
    .$if(filter.kind.length > 0, (on) => on.where('s.kind', 'in', [...filter.kind]))
    .$if(filter.country.length > 0, (on) => on.where('s.country', 'in', [...filter.country]))
    .$if(filter.group !== null, (on) => on.where('g.slug', '=', filter.group))

/** Reads the stories of one page, newest first. Which they are is found first: bodies are long, and sorting would read them all. */
const pageOf = (db: Db, page: SelectQueryBuilder<Joined, 's' | 'a' | 'g', { id: string }>, letters: number) =>
  seen(db, letters).where('s.id', 'in', page).orderBy('s.published', 'desc').orderBy('s.slug').execute()

/** `total` is `most` when there are at least so many. */
export type Wall = { stories: Story[]; total: number; pages: number }
type Wanted = {
  /** The whole words instead of their beginnings. */
  whole?: boolean
  /** Count no further than this: counting thousands costs more than reading twenty. */
  most?: number
  /** How many there are, when the caller knows. */
  total?: Promise<number>
}

/** Answers one page of the wall of a week, newest first, with how many stories there are. */
export async function storiesOf(
  db: Db,
  filter: StoryFilter & { week: number },
  now: Date,
  wanted: Wanted = {},
): Promise<Wall> {
  const page = narrowed(shownStories(db, now).select('s.id'), filter)
    .orderBy('s.published', 'desc')
    .orderBy('s.slug')
    .limit(filter.limit)
    .offset((filter.page - 1) * filter.limit)
  const { most } = wanted
  const [rows, total] = await Promise.all([
    pageOf(db, page, wanted.whole ? whole : beginning),
    wanted.total ?? countStories(db, filter, now, most),
  ])
  const further = total === most && rows.length === filter.limit ? filter.page + 1 : 1
  return {
    stories: rows.map(storyOf),
    total,
    pages: Math.max(further, Math.ceil(total / filter.limit)),
  }
}

/** Answers how many stories a filter finds; `most` when there are at least so many. */
export async function countStories(
  db: Db,
  filter: StoryFilter & { week: number },
  now: Date,
  most?: number,
): Promise<number> {
  const all = narrowed(shownStories(db, now).select('s.id'), filter)
  const { total } = await db
    .selectFrom((most === undefined ? all : all.limit(most)).as('counted'))
    .select((on) => on.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** Answers the newest stories of a week, beginnings only. */
export async function newestStories(db: Db, week: number, count: number, now: Date): Promise<Story[]> {
  const newest = shownStories(db, now)
    .select('s.id')
    .where('s.week', '=', week)
    .orderBy('s.published', 'desc')
    .orderBy('s.slug')
    .limit(count)
  return (await pageOf(db, newest, beginning)).map(storyOf)
}

/** Answers a story by its address; null for one that is hidden, withdrawn, waiting or never was: nobody learns which. */
export async function storyBySlug(db: Db, slug: string, now: Date): Promise<Story | null> {
  if (!/^[a-z0-9-]{1,80}$/.test(slug)) return null
  const row = await seen(db, whole).where(shown(now)).where('s.slug', '=', slug).executeTakeFirst()
  return row ? storyOf(row) : null
}

/** Answers the stories that tell of one activity, newest first, at most twenty. */
export async function storiesOfActivity(db: Db, activity: string, now: Date): Promise<Story[]> {
  const rows = await seen(db, beginning)
    .where(shown(now))
    .where('s.activity', '=', activity)
    .orderBy('s.published', 'desc')
    .limit(20)
    .execute()
  return rows.map(storyOf)
}

/** Answers when the next published story appears by itself because its activity ends, when that is sooner than a kept page ends; else null. */
export async function nextAppearance(db: Db, now: Date): Promise<Date | null> {
  const soon = new Date(now.getTime() + staleSeconds * 1000)
  const row = await db
    .selectFrom('activities as a')
    .innerJoin('stories as s', 's.activity', 'a.id')
    .select((on) => on.fn.min('a.lastEnd').as('at'))
    .where('a.lastEnd', '>', now)
    .where('a.lastEnd', '<=', soon)
    .where('s.state', '=', 'published')
    .executeTakeFirst()
  return row?.at ?? null
}

export type StoryFacets = { kinds: string[]; countries: string[]; groups: { slug: string; name: string }[] }

/** Answers the kinds, countries and groups that stories of a week have, for the filter. */
export async function storyFacets(db: Db, week: number, now: Date): Promise<StoryFacets> {
  const rows = await shownStories(db, now)
    .select(['s.kind', 's.country', 'g.slug', 'g.name'])
    .distinct()
    .where('s.week', '=', week)
    .execute()
  const some = (words: (string | null)[]) => [...new Set(words.filter((one) => one !== null))].toSorted()
  const groups = new Map(rows.flatMap(({ slug, name }) => (slug === null ? [] : [[slug, name ?? '']])))
  return {
    kinds: some(rows.map((row) => row.kind)),
    countries: some(rows.map((row) => row.country)),
    groups: [...groups].map(([slug, name]) => ({ slug, name })),
  }
}
