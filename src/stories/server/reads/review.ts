import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { mayRestoreStory, mayReviewStories } from '#stories/may.ts'
import { cardOfLink, type LinkCard } from '#stories/linked-post.ts'
import { readThere } from '#stories/server/reads/shown.ts'
import { tellersOf } from '#stories/server/reads/tellers.ts'
import type { StoryDifference, StoryState, StoryWords } from '#stories/story.ts'
import { htmlOf, openingOf } from '#stories/telling.ts'

/** A story that waits for a person, as the queue shows it. */
export type WaitingStory = {
  id: string
  revision: number
  slug: string
  title: string
  opening: string
  authorName: string
  kind: string | null
  country: string | null
  week: number
  state: StoryState
  /** Since when it waits, for its age. */
  since: Date
  /** How many edits nobody has looked at yet. */
  edits: number
  example: boolean
}

const onePage = 50
function onlyReviewers(viewer: Viewer): void {
  if (!mayReviewStories(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
}

/** Stories that wait: to be read for the first time or again, and edits nobody has looked at. */
const waiting = (db: Db) =>
  db
    .selectFrom('stories as s')
    // What somebody is worried about is looked at with their concern, by two people.
    .where('s.held', 'is', null)
    .where((on) =>
      on.or([
        on('s.state', '=', 'waiting'),
        on.and([
          on('s.state', 'in', ['published', 'hidden']),
          on.exists(
            on
              .selectFrom('storyChanges as c')
              .select('c.id')
              .whereRef('c.story', '=', 's.id')
              .where('c.read', '=', false),
          ),
        ]),
      ]),
    )

/** Answers the stories that wait for a person, oldest first, fifty a page; only to those who review. */
export async function waitingStories(
  db: Db,
  viewer: Viewer,
  input: { page: number },
): Promise<WaitingStory[]> {
  onlyReviewers(viewer)
  const rows = await waiting(db)
    .select(['s.id', 's.revision', 's.slug', 's.title', 's.body', 's.authorName', 's.kind', 's.country'])
    .select(['s.week', 's.state', 's.updated as since', 's.example'])
    .select((on) =>
      on
        .selectFrom('storyChanges as c')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('c.story', '=', 's.id')
        .where('c.read', '=', false)
        .as('edits'),
    )
    .orderBy('s.updated')
    .orderBy('s.id')
    .limit(onePage)
    .offset((Math.max(1, input.page) - 1) * onePage)
    .execute()
  return rows.map(({ body, edits, state, ...row }) => ({
    ...row,
    state,
    opening: openingOf(body, 240),
    edits: edits ?? 0,
  }))
}

/** Answers how many of the stories that wait for a person have waited since before a moment, without those of the example; only to those who review. */
export async function countWaitingStories(db: Db, viewer: Viewer, before: Date): Promise<number> {
  onlyReviewers(viewer)
  const row = await waiting(db)
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('s.example', '=', false)
    .where('s.updated', '<', before)
    .executeTakeFirstOrThrow()
  return row.count
}

/** One step of a story's life, for those who review. */
export type StoryStep = {
  at: Date
  who: string | null
  byTeller: boolean
  from: string | null
  to: string | null
  reason: string | null
  difference: StoryDifference
  read: boolean
}
export type StoryInReview = StoryWords & {
  id: string
  slug: string
  revision: number
  state: StoryState
  html: string
  /** Where else it stands, as readers will see it. */
  card: LinkCard | null
  reason: string | null
  week: number
  created: Date
  updated: Date
  published: Date | null
  fromReport: boolean
  example: boolean
  activity: { slug: string; title: string; state: string; ends: Date } | null
  group: { slug: string; name: string } | null
  steps: StoryStep[]
  /** What is new since somebody last decided: field by field, old and new. */
  difference: StoryDifference
  /** Somebody's worry keeps it as it is. */
  held: boolean
  /** And nothing of what it says is here. */
  sealed: boolean
  mayRestore: boolean
}

/** What is left of a story's words while it is held. */
const unsaid = { slug: '', title: '', body: '', authorName: '', withName: '', town: null }
const unsaidLink = { link: null, linkTitle: '', linkWords: '' }

/** Answers everything a reviewer needs to decide about one story, its teller's address not among it; null when there is none; only to those who review. Of what is held only that it is, unless the calling room has found that it was opened. */
export async function storyForReview(
  db: Db,
  viewer: Viewer,
  id: string,
  opened = false,
): Promise<StoryInReview | null> {
  onlyReviewers(viewer)
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null
  const row = await db
    .selectFrom('stories as s')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .leftJoin('groups as g', 'g.id', 's.group')
    .select(['s.id', 's.slug', 's.revision', 's.state', 's.reason', 's.week', 's.created', 's.updated'])
    .select(['s.published', 's.fromReport', 's.example', 's.title', 's.body'])
    .select(['s.authorName', 's.withName', 's.kind', 's.country', 's.town', 's.drawing', 's.held'])
    .select(['s.toldHow', 's.link', 's.linkTitle', 's.linkWords'])
    .select(readThere.as('there'))
    .select(['a.slug as activitySlug', 'a.title as activityTitle', 'a.state as activityState', 'a.lastEnd'])
    .select(['g.slug as groupSlug', 'g.name as groupName'])
    .where('s.id', '=', id)
    .where('s.setAside', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { activitySlug, activityTitle, activityState, lastEnd, groupSlug, groupName, there, ...story } = row
  const { steps: all, hiddenBy } = await stepsOf(db, id)
  const sealed = row.held !== null && !opened
  const steps = sealed ? all.map((step) => ({ ...step, reason: null, difference: {} })) : all
  return {
    ...story,
    ...(sealed && { ...unsaid, ...unsaidLink, reason: null }),
    state: story.state,
    toldHow: story.toldHow,
    html: sealed ? '' : htmlOf(story.body),
    card: sealed ? null : cardOfLink(story, there),
    activity:
      sealed || activitySlug === null || lastEnd === null
        ? null
        : { slug: activitySlug, title: activityTitle ?? '', state: activityState ?? '', ends: lastEnd },
    group: groupSlug === null ? null : { slug: groupSlug, name: groupName ?? '' },
    steps,
    sealed,
    difference: foldUnread(steps),
    held: story.held !== null,
    mayRestore:
      story.held === null && mayRestoreStory(viewer, { hiddenBy, tellers: await tellersOf(db, id) }),
  }
}

async function stepsOf(db: Db, story: string): Promise<{ steps: StoryStep[]; hiddenBy: (string | null)[] }> {
  const rows = await db
    .selectFrom('storyChanges as c')
    .leftJoin('accounts as who', 'who.id', 'c.account')
    .select(['c.at', 'c.account', 'c.byTeller', 'c.fromState', 'c.toState', 'c.reason', 'c.diff', 'c.read'])
    .select('who.name as who')
    .where('c.story', '=', story)
    .orderBy('c.id')
    .execute()
  const shown = rows.findLastIndex((row) => row.toState === 'published' && row.fromState !== 'published')
  const hid = rows.slice(shown + 1).filter((row) => row.toState === 'hidden' && !row.byTeller)
  const steps = rows.map((row) => ({
    at: row.at,
    who: row.who,
    byTeller: row.byTeller,
    from: row.fromState,
    to: row.toState,
    reason: row.reason,
    difference: row.diff as StoryDifference,
    read: row.read,
  }))
  return { steps, hiddenBy: hid.map((row) => row.account) }
}

/** Folds the edits nobody has looked at into one difference: the oldest old beside the newest new. */
function foldUnread(steps: readonly StoryStep[]): StoryDifference {
  const folded: Record<string, [string | number | null, string | number | null]> = {}
  for (const step of steps.filter((one) => !one.read)) {
    for (const [field, change] of Object.entries(step.difference)) {
      if (!change) continue
      const [before, after] = change
      folded[field] = [folded[field]?.[0] ?? before, after]
    }
  }
  return Object.fromEntries(Object.entries(folded).filter(([, [before, after]]) => before !== after))
}
