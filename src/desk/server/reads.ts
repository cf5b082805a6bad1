import { sql } from 'kysely'
import {
  activityForReview,
  peopleAhead,
  waitingActivities,
  type WaitingActivity,
} from '#activities/server/reads/review.ts'
import { mayReviewSome } from '#activities/may.ts'
import { mayReviewReplies } from '#comments/may.ts'
import { replyForReview, waitingReplies, type ReviewedReply } from '#comments/server/reads/replies.ts'
import { holdOn } from '#consent/server/reads/holds.ts'
import { waitingForSecond } from '#consent/server/reads/queue.ts'
import { standingOf } from '#consent/server/reads/standing.ts'
import type { Waiting } from '#consent/standing.ts'
import { thingOf, type About, type ConcernLine, type Thing } from '#desk/concern.ts'
import { mayAnswerConcerns, mayEnterDesk, mayReadRecords } from '#desk/may.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayCorrectDirectory } from '#letters/may.ts'
import { openCorrections } from '#letters/server/reads/directory.ts'
import { mayDecideOrganisations } from '#organisations/may.ts'
import { waitingOrganisations, type WaitingOrganisation } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'
import { mayReviewStories } from '#stories/may.ts'
import { storyForReview, waitingStories, type WaitingStory } from '#stories/server/reads/review.ts'

export type Queue = {
  concerns: ConcernLine[]
  organisations: WaitingOrganisation[]
  activities: WaitingActivity[]
  stories: WaitingStory[]
  replies: ReviewedReply[]
  /** What waits for a second person: who is in a picture, what may come back, noes that were seen. */
  pictures: Waiting[]
  /** What people say is wrong in the directory. */
  corrections: Awaited<ReturnType<typeof openCorrections>>
}

/** Answers everything that waits for this person, each oldest first: concerns before all else. Refuses people without a role. */
export async function queueOf(db: Db, viewer: Viewer, now = new Date()): Promise<Queue> {
  if (!mayEnterDesk(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const [concerns, organisations, activities, stories, replies, pictures, corrections] = await Promise.all([
    mayAnswerConcerns(viewer) ? openConcerns(db) : [],
    mayDecideOrganisations(viewer) ? waitingOrganisations(db, viewer) : [],
    mayReviewSome(viewer) ? waitingActivities(db, viewer) : [],
    mayReviewStories(viewer) ? waitingStories(db, viewer, { page: 1 }) : [],
    mayReviewReplies(viewer) ? waitingReplies(db, viewer) : [],
    waitingForSecond(db, viewer),
    mayCorrectDirectory(viewer) ? openCorrections(db, viewer, now) : [],
  ])
  return { concerns, organisations, activities, stories, replies, pictures, corrections }
}

async function openConcerns(db: Db): Promise<ConcernLine[]> {
  const rows = await db
    .selectFrom('concerns')
    .select(['id', 'door', 'hid', 'created'])
    .select(
      sql<boolean>`exists (select from stories s where concerns.subject = 'stories:' || s.id and s.state = 'hidden')
        or exists (select from activities a where concerns.subject = 'activities:' || a.id and a.state = 'withdrawn')
        or exists (select from replies r where concerns.subject = 'replies:' || r.id and r.state = 'hidden')`.as(
        'hidden',
      ),
    )
    .where('state', '=', 'open')
    .orderBy('created')
    .limit(200)
    .execute()
  return rows
}

/** A concern with what it says and what it is about. */
export type WholeConcern = Awaited<ReturnType<typeof concernAbout>>

/** Answers one concern with what it says and is about, and the hold that lies on it; looks like nothing is there to whoever may not answer concerns. One in which somebody is worried is shown by `openConcern`, which writes it down. */
export async function concernAbout(db: Db, viewer: Viewer, id: string, now: Date) {
  if (!mayAnswerConcerns(viewer) || !/^[0-9a-f-]{36}$/.test(id)) throw missing()
  const row = await db
    .selectFrom('concerns')
    .select(['id', 'door', 'subject', 'words', 'email', 'country', 'hid', 'created'])
    .select(['state', 'outcome', 'handled'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw missing()
  const thing = thingOf(row.subject)
  return {
    ...row,
    door: row.door,
    // Only what somebody is worried about is shown by a page that asks who opens it.
    about: await aboutOf(db, viewer, { thing, opened: row.door === 'worried' }, now),
    hold: thing && row.door === 'worried' ? await holdOn(db, viewer, thing.id, now) : null,
  }
}

/** Answers one concern as its page begins; of one in which somebody is worried only that it is there, until it is opened. Once it is closed the thing it is about, which may come back then, is no secret any more than at its own page; what was written and by whom stays one. */
export async function concernById(db: Db, viewer: Viewer, id: string, now: Date) {
  const concern = await concernAbout(db, viewer, id, now)
  if (concern.door !== 'worried') return { ...concern, sealed: false }
  const closed = concern.state === 'closed'
  const about = closed
    ? await aboutOf(db, viewer, { thing: thingOf(concern.subject), opened: false }, now)
    : null
  return { ...concern, sealed: true, subject: null, words: '', email: null, country: null, about }
}

/** What a concern is about as it stands now; null when it is about the site, or about something that is gone. */
async function aboutOf(
  db: Db,
  viewer: Viewer,
  { thing, opened }: { thing: Thing | null; opened: boolean },
  now: Date,
): Promise<About | null> {
  if (thing?.room === 'stories') {
    const story = await storyForReview(db, viewer, thing.id, opened)
    if (!story) return null
    const hidden = story.state === 'hidden'
    const { title, held, html } = story
    const mayRestore = hidden && story.mayRestore
    return {
      ...thing,
      title,
      href: `/desk/stories/${thing.id}`,
      hidden,
      held,
      mayRestore,
      guests: 0,
      html,
      words: null,
      missing: story.sealed ? [] : await missingOf(db, thing.id, now),
    }
  }
  if (!thing) return null
  if (thing.room === 'replies') return aboutReply(db, viewer, thing, opened)
  const there = await db
    .selectFrom('activities')
    .select('id')
    .where('id', '=', thing.id)
    .where('setAside', 'is', null)
    .executeTakeFirst()
  if (!there) return null
  const { title, state, held, mayRestore } = await activityForReview(db, viewer, thing.id, opened)
  const hidden = state === 'withdrawn'
  const href = `/desk/activities/${thing.id}`
  const guests = hidden ? await peopleAhead(db, thing.id, now) : 0
  const rest = { hidden, guests, held: held !== null, mayRestore, html: null, words: null, missing: [] }
  return { ...thing, title, href, ...rest }
}

async function aboutReply(db: Db, viewer: Viewer, thing: Thing, opened: boolean): Promise<About | null> {
  const reply = await replyForReview(db, viewer, thing.id, opened)
  return reply && { ...thing, ...reply, href: '/desk/replies', guests: 0, html: null, missing: [] }
}

/** Why a story would not be seen even if somebody brought it back: a no of somebody in it, a yes that has run out. */
async function missingOf(db: Db, surface: string, now: Date): Promise<MessageKey[]> {
  const { placements } = await standingOf(db, surface, now)
  const all = placements.filter(({ state }) => state === 'live' || state === 'hidden')
  const said = all.flatMap(({ missing: own, people }) => [...own, ...people.flatMap((one) => one.missing)])
  const undone: readonly MessageKey[] = ['consent.why.taken-down', 'consent.why.second-person']
  return [...new Set(said.map(({ key }) => key))].filter((key) => !undone.includes(key))
}

/** Answers what the clock removed by itself, newest first, at most a hundred runs. */
export const retentionRuns = (db: Db, viewer: Viewer) => {
  if (!mayReadRecords(viewer)) throw missing()
  return db
    .selectFrom('retentionRuns')
    .select(['at', 'what', 'count'])
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}
