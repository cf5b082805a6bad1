import { sql } from 'kysely'
import type { Timing } from '#activities/activity.ts'
import { reportOpensFor } from '#activities/server/reads/report.ts'
import type { Day } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import type { LinkStands } from '#stories/linked-post.ts'
import { readThere, shownStories } from '#stories/server/reads/shown.ts'
import type { ToldPicture } from '#stories/steps.ts'
import type { StoryState, StoryWords } from '#stories/story.ts'

/** A story as whoever tells it sees it. */
export type OwnStory = StoryWords & {
  id: string
  slug: string
  language: string
  drawingWords: string
  state: StoryState
  reason: string | null
  revision: number
  week: number
  published: Date | null
  /** Kept from everybody for somebody's safety. */
  held: boolean
  /** Whether mails about it still go to an address. */
  mailed: boolean
  activity: { title: string; ends: Date } | null
  /** What was read where it leads to; null when nothing was asked for. */
  read: LinkStands | null
  /** Whether permission lets everybody see it, once it is published. */
  seen: boolean
  /** Its photographs, whether or not anybody else may see them. */
  pictures: ToldPicture[]
}

/** What somebody is worried about is kept from everybody, also from whoever told it. */
export const sealed = {
  title: '–',
  body: '',
  authorName: '',
  withName: '',
  town: null,
  link: null,
  linkTitle: '',
  linkWords: '',
  drawingWords: '',
}

/** Answers the story a mailed link opens; null for a forged or expired link. */
export async function ownStory(db: Db, _viewer: Viewer, token: string, now: Date): Promise<OwnStory | null> {
  const row = await db
    .selectFrom('storyLinks as link')
    .innerJoin('stories as s', 's.id', 'link.story')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['s.slug', 's.state', 's.reason', 's.revision', 's.week', 's.published', 's.email', 's.held'])
    .select(['s.title', 's.body', 's.authorName', 's.withName', 's.kind', 's.country', 's.town', 's.drawing'])
    .select(['s.id', 's.toldHow', 's.link', 's.linkTitle', 's.linkWords', 's.drawingWords', 's.language'])
    .select(
      sql<string | null>`case when a.held is null then a.title else ${sealed.title} end`.as('activityTitle'),
    )
    .select('a.lastEnd')
    .select(readThere.as('read'))
    .select(
      sql<boolean>`not exists (select from surfaces_closed(5::smallint, ${now}) as closed (id) where closed.id = s.id)`.as(
        'seen',
      ),
    )
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .executeTakeFirst()
  if (!row) return null
  const { email, activityTitle, lastEnd, state, toldHow, held, ...story } = row
  const activity = activityTitle === null || lastEnd === null ? null : { title: activityTitle, ends: lastEnd }
  return {
    ...story,
    toldHow,
    ...(held !== null && sealed),
    held: held !== null,
    state,
    mailed: email !== null,
    activity,
    pictures: held === null ? await picturesOf(db, row.id, now) : [],
  }
}

async function picturesOf(db: Db, story: string, now: Date): Promise<ToldPicture[]> {
  const rows = await db
    .selectFrom('versions as v')
    .select(['v.id', 'v.number', 'v.words', 'v.caption', 'v.width', 'v.height', 'v.state', 'v.decoration'])
    .select(
      sql<number[]>`array(select r.width from renditions r
        where r.version = v.id and r.format = 'webp' order by r.width)`.as('widths'),
    )
    .select(
      sql<boolean>`exists (select from sayings w where w.version = v.id and w.replaced is null)`.as('said'),
    )
    .select(
      sql<boolean>`exists (select from placements p
        where p.version = v.id and p.surface = v.surface and p.state <> 'draft')`.as('asked'),
    )
    .select(sql<boolean>`version_shows(v.id, 5::smallint, ${now}::timestamptz)`.as('shown'))
    .where('v.surface', '=', story)
    .where('v.state', 'not in', ['refused', 'purged'])
    .orderBy('v.position')
    .orderBy('v.created')
    .limit(200)
    .execute()
  return rows.map(({ state, decoration, ...row }) => ({
    ...row,
    number: row.number ?? 0,
    width: row.width ?? 4,
    height: row.height ?? 3,
    avif: state === 'made',
    ready: (state === 'visible' || state === 'made') && row.number !== null,
    described: decoration || row.words !== '',
  }))
}

/** What a host has in front of them when they say how it was. */
export type ReportPage = {
  title: string
  week: number
  /** Whether it can be reported now; if not, why. */
  open: 'yes' | 'too-early' | 'not-held'
  /** From which day on it can be, and whether that is the day of a time, a day, or the first of its week. */
  day: Day
  timing: Timing['timing']
  /** The moment from which it can be, and the zone of the place when it has a time there. */
  from: Date
  zone: string | null
  report: {
    came: number
    newPeople: number
    audiences: Record<string, number>
    revision: number
  } | null
  story: (StoryWords & { state: StoryState; reason: string | null; slug: string; revision: number }) | null
  /** Anybody can read the story now. */
  shown: boolean
}

const whatTheySee = <Told extends StoryWords & { held: Date | null }>({ held, ...story }: Told) => ({
  ...story,
  ...(held !== null && sealed),
})

/** Answers what a host's mailed link opens for saying how it was; null for a forged or expired link. */
export async function reportPage(
  db: Db,
  _viewer: Viewer,
  token: string,
  now: Date,
): Promise<ReportPage | null> {
  const found = await db
    .selectFrom('hostLinks as link')
    .innerJoin('activities as a', 'a.id', 'link.activity')
    .innerJoin('hosts', (on) =>
      on.onRef('hosts.activity', '=', 'link.activity').onRef('hosts.email', '=', 'link.email'),
    )
    .leftJoin('attendanceReports as r', 'r.activity', 'a.id')
    .select(['a.id', 'a.title', 'a.held', 'a.week', 'a.state', 'a.timing', 'a.zone'])
    .select(['r.came', 'r.newPeople', 'r.audiences', 'r.revision'])
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .executeTakeFirst()
  if (!found) return null
  const story = await db
    .selectFrom('stories')
    .select(['title', 'body', 'authorName', 'withName', 'kind', 'country', 'town', 'drawing'])
    .select(['toldHow', 'link', 'linkTitle', 'linkWords', 'state', 'reason', 'slug', 'revision', 'held'])
    .where('activity', '=', found.id)
    .where('fromReport', '=', true)
    .executeTakeFirst()
  const { came, newPeople, audiences, revision } = found
  const held = ['waiting', 'asked-for-more', 'published', 'by-link'].includes(found.state)
  const { from, day } = await reportOpensFor(db, found.id)
  return {
    title: found.held === null ? found.title : sealed.title,
    week: found.week,
    open: !held ? 'not-held' : from > now ? 'too-early' : 'yes',
    day,
    timing: found.timing,
    from,
    zone: found.zone,
    report:
      came === null || newPeople === null || revision === null
        ? null
        : { came, newPeople, revision, audiences: audiences as Record<string, number> },
    story: story ? whatTheySee(story) : null,
    shown: story !== undefined && (await isShown(db, story.slug, now)),
  }
}

const isShown = async (db: Db, slug: string, now: Date): Promise<boolean> =>
  (await shownStories(db, now).select('s.id').where('s.slug', '=', slug).executeTakeFirst()) !== undefined
