import { sql } from 'kysely'
import { thingOf, type RestoreMany, type Thing } from '#desk/concern.ts'
import { mayAnswerConcerns } from '#desk/may.ts'
import { bringBack, closeConcern } from '#desk/server/writes.ts'
import { eachOnItsOwn } from '#kernel/many.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { storyForReview } from '#stories/server/reads/review.ts'

/** Something that a concern hid. */
export type Asked = Thing & {
  concern: string
  /** Which place it came from, as a code that says nothing of it; null: not known, or forgotten. */
  source: string | null
  /** "" while it is held. */
  title: string
  created: Date
  hidden: boolean
}

/** How many concerns are looked at together. */
const most = 200

/** Answers the open concerns that asked for something to be taken down, newest first, at most two hundred. Those in which somebody is worried are opened one by one. */
export async function askedToHide(db: Db, viewer: Viewer): Promise<Asked[]> {
  if (!mayAnswerConcerns(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const rows = await db
    .selectFrom('concerns as c')
    .leftJoin('stories as s', (on) => on.on(sql<boolean>`c.subject = 'stories:' || s.id`))
    .leftJoin('activities as a', (on) => on.on(sql<boolean>`c.subject = 'activities:' || a.id`))
    .leftJoin('replies as r', (on) => on.on(sql<boolean>`c.subject = 'replies:' || r.id`))
    .select([
      'c.id as concern',
      'c.subject',
      'c.source',
      'c.created',
      's.state as story',
      'a.state as activity',
      'r.state as reply',
      's.held as heldStory',
      'a.held as heldActivity',
      'r.held as heldReply',
    ])
    .select((on) => on.fn.coalesce('s.title', 'a.title', 'r.name').as('title'))
    .where('c.state', '=', 'open')
    .where('c.hid', '=', true)
    .where('c.door', '=', 'take-down')
    .orderBy('c.created', 'desc')
    .limit(most)
    .execute()
  return rows.flatMap(
    ({ subject, story, activity, reply, title: said, heldStory, heldActivity, heldReply, ...row }) => {
      const thing = thingOf(subject)
      if (!thing || said === null) return []
      // What somebody is worried about as well is called nothing here.
      const title = [heldStory, heldActivity, heldReply].every((held) => held === null) ? said : ''
      return [
        {
          ...row,
          ...thing,
          title,
          hidden: story === 'hidden' || reply === 'hidden' || activity === 'withdrawn',
        },
      ]
    },
  )
}

export type BroughtBack = { done: number; refused: number }

/** Brings back what many concerns hid, and closes them with the reason: those that are named, or all from one place. Each thing on its own: what was changed since, what this person hid or made, and what somebody else wants hidden too, stays. Pressing twice does it once. */
export async function restoreMany(
  db: Db,
  viewer: Viewer,
  input: RestoreMany,
  now: Date,
): Promise<BroughtBack> {
  const asked = await askedToHide(db, viewer)
  const wanted = asked.filter((one) =>
    input.all === 'yes' ? one.source === input.source : input.chosen.includes(one.concern),
  )
  const things = Map.groupBy(wanted, ({ room, id }) => `${room}:${id}`)
  const { done, refused } = await eachOnItsOwn(things.values(), (concerns) =>
    bringOneBack(db, viewer, { concerns, reason: input.reason }, now),
  )
  return { done, refused: refused.length }
}

const bringOneBack = (
  db: Db,
  viewer: Viewer,
  { concerns, reason }: { concerns: readonly Asked[]; reason: string },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const [thing] = concerns
    if (!thing) return
    const ids = concerns.map(({ concern }) => concern)
    const story = thing.room === 'stories' ? await storyForReview(trx, viewer, thing.id) : null
    // Nobody has read what was written while it was hidden.
    if (story && Object.keys(story.difference).length > 0)
      throw new Refusal('conflict', 'stories.review.changed')
    if (thing.hidden) await bringBack(trx, viewer, { thing, concerns: ids, reason }, now)
    for (const id of ids) await closeConcern(trx, viewer, { id, outcome: reason }, now)
  })
