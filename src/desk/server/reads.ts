import {
  activityForReview,
  waitingActivities,
  type WaitingActivity,
} from '#activities/server/reads/review.ts'
import { mayReviewSome } from '#activities/may.ts'
import type { About, Concern, Door } from '#desk/concern.ts'
import { mayAnswerConcerns, mayEnterDesk, mayReadRecords } from '#desk/may.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayDecideOrganisations } from '#organisations/may.ts'
import { waitingOrganisations, type WaitingOrganisation } from '#organisations/server/reads/organisations.ts'
import type { Db } from '#platform/server/db.ts'
import { mayReviewStories } from '#stories/may.ts'
import { storyForReview, waitingStories, type WaitingStory } from '#stories/server/reads/review.ts'

export type Queue = {
  concerns: Concern[]
  organisations: WaitingOrganisation[]
  activities: WaitingActivity[]
  stories: WaitingStory[]
}

const columns = ['id', 'door', 'subject', 'words', 'email', 'country', 'hid', 'created'] as const

/** Answers everything that waits for this person, each oldest first: concerns before all else. Refuses people without a role. */
export async function queueOf(db: Db, viewer: Viewer): Promise<Queue> {
  if (!mayEnterDesk(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const [concerns, organisations, activities, stories] = await Promise.all([
    mayAnswerConcerns(viewer) ? openConcerns(db) : [],
    mayDecideOrganisations(viewer) ? waitingOrganisations(db, viewer) : [],
    mayReviewSome(viewer) ? waitingActivities(db, viewer) : [],
    mayReviewStories(viewer) ? waitingStories(db, viewer, { page: 1 }) : [],
  ])
  return { concerns, organisations, activities, stories }
}

async function openConcerns(db: Db): Promise<Concern[]> {
  const rows = await db
    .selectFrom('concerns')
    .select(columns)
    .where('state', '=', 'open')
    .orderBy('created')
    .limit(200)
    .execute()
  return rows.map((row) => ({ ...row, door: row.door as Door }))
}

/** Answers one concern with how it ended and what it is about; looks like nothing is there to whoever may not answer concerns. */
export async function concernById(db: Db, viewer: Viewer, id: string) {
  if (!mayAnswerConcerns(viewer) || !/^[0-9a-f-]{36}$/.test(id)) throw missing()
  const row = await db
    .selectFrom('concerns')
    .select([...columns, 'state', 'outcome', 'handled'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw missing()
  return { ...row, door: row.door as Door, about: await aboutOf(db, viewer, row.subject) }
}

/** What a concern is about as it stands now; null when it is about the site, or about something that is gone. */
async function aboutOf(db: Db, viewer: Viewer, subject: string | null): Promise<About | null> {
  const [, room, id = ''] = /^(activities|stories):([0-9a-f-]{36})$/.exec(subject ?? '') ?? []
  if (room === 'stories') {
    const story = await storyForReview(db, viewer, id)
    if (!story) return null
    const hidden = story.state === 'hidden'
    return { room, id, slug: story.slug, title: story.title, hidden, mayRestore: hidden && story.mayRestore }
  }
  if (room !== 'activities') return null
  const there = await db.selectFrom('activities').select('id').where('id', '=', id).executeTakeFirst()
  if (!there) return null
  const { slug, title, state, mayRestore } = await activityForReview(db, viewer, id)
  return { room, id, slug, title, hidden: state === 'withdrawn', mayRestore }
}

/** Answers what the clock removed by itself, newest first, at most a hundred runs. */
export const retentionRuns = (db: Db, viewer: Viewer) => {
  if (!mayReadRecords(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return db
    .selectFrom('retentionRuns')
    .select(['at', 'what', 'count'])
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}
