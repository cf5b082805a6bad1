import { sql, type SelectQueryBuilder } from 'kysely'
import { repliesTo, type Said } from '#comments/server/reads/replies.ts'
import { staleSeconds } from '#kernel/limits.ts'
import { builtOnce } from '#platform/server/built-once.ts'
import type { Db } from '#platform/server/db.ts'
import type { StoryFilter } from '#stories/filter.ts'
import {
  authorOf,
  locatable,
  seen,
  shown,
  shownStories,
  storyOf,
  wholeText,
  type Joined,
  type Reading,
} from '#stories/server/reads/shown.ts'
import type { Story } from '#stories/story.ts'

const mostPictures = 40
const beginning = 700

/** The beginnings of stories, each with its first photograph; or the whole of them. */
const reading = (now: Date, all: boolean, circle: Reading['circle'] = 5): Reading =>
  all
    ? { now, letters: wholeText, pictures: mostPictures, circle, heard: true }
    : { now, letters: beginning, pictures: 1, circle, heard: false }

const narrowed = <Output>(
  query: SelectQueryBuilder<Joined, 's' | 'a' | 'g', Output>,
  filter: StoryFilter & { week: number },
) =>
  query
    .where('s.week', '=', filter.week)
    .$if(filter.q !== null, (on) =>
      on.where(
        // What must not be found is not found by its town either.
        sql<boolean>`s.search @@ websearch_to_tsquery('simple', plain(${filter.q})) and (${locatable}
          or to_tsvector('simple', plain(s.title || ' ' || s.body)) @@ websearch_to_tsquery('simple', plain(${filter.q})))`,
      ),
    )
    .$if(filter.kind.length > 0, (on) => on.where('s.kind', 'in', [...filter.kind]))
    .$if(filter.country.length > 0, (on) => on.where('s.country', 'in', [...filter.country]).where(locatable))
    .$if(filter.group !== null, (on) => on.where('g.slug', '=', filter.group).where(locatable))

/** Newest first. What is told in the example is told ahead of its time, and would stand before whatever somebody tells now. */
const newestFirst = <Output>(query: SelectQueryBuilder<Joined, 's' | 'a' | 'g', Output>) =>
  query.orderBy('s.example').orderBy('s.published', 'desc').orderBy('s.slug')

/** Reads the stories of one page, newest first. Which they are is found first: bodies are long, and sorting would read them all. */
const pageOf = (db: Db, page: SelectQueryBuilder<Joined, 's' | 'a' | 'g', { id: string }>, how: Reading) =>
  seen(db, how)
    .where('s.id', 'in', page)
    .orderBy('s.example')
    .orderBy('s.published', 'desc')
    .orderBy('s.slug')

/** `total` is `most` when there are at least so many. */
export type Wall = { stories: Story[]; total: number; pages: number }
type Wanted = {
  /** The whole words instead of their beginnings. */
  whole?: boolean
  /** Count no further than this: counting thousands costs more than reading twenty. */
  most?: number
  /** For readers of whom we do not know where they keep what they get: photographs only as far as that was allowed. */
  beyond?: boolean
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
  // Numbers that are written out: of a limit it does not know, the planner expects a tenth of all, and sorts them.
  const page = newestFirst(narrowed(shownStories(db, now).select('s.id'), filter))
    .limit(sql.lit(filter.limit))
    .$if(filter.page > 1, (on) => on.offset((filter.page - 1) * filter.limit))
  const { most } = wanted
  const [rows, total] = await Promise.all([
    pageOf(db, page, reading(now, wanted.whole === true, wanted.beyond ? 6 : 5)).execute(),
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

const newest = (count: number) =>
  builtOnce([-1, new Date(0)], (db, [week, now]) => {
    const page = newestFirst(shownStories(db, now).select('s.id').where('s.week', '=', week))
    return pageOf(db, page.limit(sql.lit(count)), reading(now, false))
  })
const newestBy = new Map<number, ReturnType<typeof newest>>()

/** Answers the newest stories of a week, beginnings only. */
export async function newestStories(db: Db, week: number, count: number, now: Date): Promise<Story[]> {
  const ask = newestBy.get(count) ?? newest(count)
  newestBy.set(count, ask)
  return (await ask(db, [week, now])).map(storyOf)
}

const rowBySlug = (db: Db, slug: string, now: Date) =>
  seen(db, reading(now, true)).select('s.id').where(shown(now)).where('s.slug', '=', slug).executeTakeFirst()
const isSlug = (words: string): boolean => /^[a-z0-9-]{1,80}$/.test(words)

/** Answers a story by its address; null for one that is hidden, withdrawn, waiting or never was: nobody learns which. */
export async function storyBySlug(db: Db, slug: string, now: Date): Promise<Story | null> {
  const row = isSlug(slug) ? await rowBySlug(db, slug, now) : undefined
  return row ? storyOf(row) : null
}

/** Answers a story by its address and one page of the replies to it; null for one that nobody may read now. */
export async function storyWithReplies(
  db: Db,
  { slug, page }: { slug: string; page: number },
  now: Date,
): Promise<{ id: string; story: Story; said: Said } | null> {
  const row = isSlug(slug) ? await rowBySlug(db, slug, now) : undefined
  return row ? { id: row.id, story: storyOf(row), said: await repliesTo(db, row.id, page) } : null
}

/** Answers the address and title of a story, when everybody may read it at this moment; else null. */
export const shownStoryById = async (
  db: Db,
  id: string,
  now: Date,
): Promise<{ slug: string; title: string } | null> =>
  (await shownStories(db, now).select(['s.slug', 's.title']).where('s.id', '=', id).executeTakeFirst()) ??
  null

/** Answers the stories that tell of one activity, newest first, at most twenty. */
export async function storiesOfActivity(db: Db, activity: string, now: Date): Promise<Story[]> {
  const rows = await seen(db, reading(now, false))
    .where(shown(now))
    .where('s.activity', '=', activity)
    .where(locatable)
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
    .select('s.kind')
    .select(sql<string | null>`case when ${locatable} then s.country end`.as('country'))
    .select(sql<string | null>`case when ${locatable} then g.slug end`.as('slug'))
    .select('g.name')
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

/** How many stories one page of somebody's own holds. */
const ofAuthor = 20

/** What somebody told who wants a page of their own, newest first. */
export type AuthorPage = { name: string; stories: Story[]; page: number; pages: number }

/** Answers the page of somebody who tells: what they signed with its very name and everybody may read, whole for a feed; null when there is no such page. */
export async function authorPage(
  db: Db,
  asked: { slug: string; page: number; whole?: boolean },
  now: Date,
): Promise<AuthorPage | null> {
  const { slug, page } = asked
  if (!/^[a-z0-9-]{1,80}$/.test(slug)) return null
  const found = await db
    .selectFrom('authorPages as page')
    .innerJoin('accounts as who', 'who.id', 'page.account')
    .select('page.name')
    .where('page.slug', '=', slug)
    .where('who.erasing', 'is', null)
    .executeTakeFirst()
  if (!found) return null
  const all = shownStories(db, now)
    .select('s.id')
    .where('s.authorName', '=', found.name)
    .where(locatable)
    .where(sql<boolean>`${slug} in (${authorOf})`)
  const some = newestFirst(all)
    .limit(ofAuthor)
    .offset((page - 1) * ofAuthor)
  const [rows, { total }] = await Promise.all([
    pageOf(db, some, reading(now, asked.whole === true, asked.whole ? 6 : 5)).execute(),
    db
      .selectFrom(all.as('counted'))
      .select((on) => on.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
  ])
  return { name: found.name, stories: rows.map(storyOf), page, pages: Math.ceil(total / ofAuthor) }
}
