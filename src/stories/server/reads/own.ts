import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'
import type { StoryState, StoryWords } from '#stories/story.ts'

/** A story as whoever tells it sees it. */
export type OwnStory = StoryWords & {
  slug: string
  state: StoryState
  reason: string | null
  revision: number
  week: number
  published: Date | null
  /** Whether mails about it still go to an address. */
  mailed: boolean
  activity: { title: string; ends: Date } | null
}

/** What somebody is worried about is kept from everybody, also from whoever told it. */
const sealed = { title: '–', body: '', authorName: '', withName: '', town: null }

/** Answers the story a mailed link opens; null for a forged or expired link. */
export async function ownStory(db: Db, _viewer: Viewer, token: string, now: Date): Promise<OwnStory | null> {
  const row = await db
    .selectFrom('storyLinks as link')
    .innerJoin('stories as s', 's.id', 'link.story')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['s.slug', 's.state', 's.reason', 's.revision', 's.week', 's.published', 's.email', 's.held'])
    .select(['s.title', 's.body', 's.authorName', 's.withName', 's.kind', 's.country', 's.town', 's.drawing'])
    .select(['a.title as activityTitle', 'a.lastEnd'])
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .executeTakeFirst()
  if (!row) return null
  const { email, activityTitle, lastEnd, state, held, ...story } = row
  const activity = activityTitle === null || lastEnd === null ? null : { title: activityTitle, ends: lastEnd }
  const words = held === null ? {} : sealed
  return { ...story, ...words, state: state as StoryState, mailed: email !== null, activity }
}

/** What a host has in front of them when they say how it was. */
export type ReportPage = {
  title: string
  week: number
  /** Whether it can be reported now; if not, why, and from when. */
  open: 'yes' | 'too-early' | 'not-held'
  from: Date
  report: {
    came: number
    newPeople: number
    audiences: Record<string, number>
    revision: number
  } | null
  story: (StoryWords & { state: StoryState; reason: string | null; slug: string; revision: number }) | null
}

const whatTheySee = <Told extends StoryWords & { state: string; held: Date | null }>({
  held,
  ...story
}: Told) => ({
  ...story,
  ...(held !== null && sealed),
  state: story.state as StoryState,
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
    .select(['a.id', 'a.title', 'a.week', 'a.state', 'a.timing', 'a.sortStart', 'a.lastEnd'])
    .select(['r.came', 'r.newPeople', 'r.audiences', 'r.revision'])
    .select((on) =>
      on
        .selectFrom('occurrences as o')
        .select((of) => of.fn.min('o.ends').as('ends'))
        .whereRef('o.activity', '=', 'a.id')
        .where('o.status', '=', 'on')
        .as('firstEnd'),
    )
    .where('link.token', '=', hashToken(token))
    .where('link.expires', '>', now)
    .executeTakeFirst()
  if (!found) return null
  const story = await db
    .selectFrom('stories')
    .select(['title', 'body', 'authorName', 'withName', 'kind', 'country', 'town', 'drawing'])
    .select(['state', 'reason', 'slug', 'revision', 'held'])
    .where('activity', '=', found.id)
    .where('fromReport', '=', true)
    .executeTakeFirst()
  const { came, newPeople, audiences, revision } = found
  const held = ['waiting', 'asked-for-more', 'published', 'by-link'].includes(found.state)
  const from = found.timing === 'week' ? found.sortStart : (found.firstEnd ?? found.lastEnd)
  return {
    title: found.title,
    week: found.week,
    open: !held ? 'not-held' : from > now ? 'too-early' : 'yes',
    from,
    report:
      came === null || newPeople === null || revision === null
        ? null
        : { came, newPeople, revision, audiences: audiences as Record<string, number> },
    story: story ? whatTheySee(story) : null,
  }
}
