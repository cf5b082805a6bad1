import * as v from 'valibot'
import type { ActivityState } from '#activities/activity.ts'
import { mayReviewActivity, mayReviewSome, mayTrustHost } from '#activities/may.ts'
import { mayBringBack, takenDownBy } from '#activities/server/reads/review.ts'
import { takenDown } from '#activities/server/reads/rsvp.ts'
import { needsReason } from '#activities/states.ts'
import { changeState, lockWhole, markRead } from '#activities/server/writes/change-state.ts'
import { putAway } from '#consent/server/writes/putting-away.ts'
import { maybeText } from '#kernel/input.ts'
import { chosenMany, eachOnItsOwn, type Chosen, type Decided } from '#kernel/many.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { reviews, type Viewer } from '#kernel/viewer.ts'
import { addJob } from '#platform/server/queue.ts'
import { trustAddress } from '#accounts/server/writes/trust.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

export const decisions = ['publish', 'trust', 'ask', 'decline', 'by-link', 'take-down'] as const
export type Decision = (typeof decisions)[number]

/** Which state each decision leads to. */
export const target: Record<Decision, ActivityState> = {
  publish: 'published',
  trust: 'published',
  ask: 'asked-for-more',
  decline: 'declined',
  'by-link': 'by-link',
  'take-down': 'withdrawn',
}

const id = v.pipe(v.string('input.choose'), v.uuid('input.choose'))
export const decisionInput = v.object({
  id,
  revision: v.pipe(v.string('input.choose'), v.regex(/^\d{1,9}$/, 'input.choose'), v.transform(Number)),
  decision: v.picklist(decisions, 'input.choose'),
  reason: maybeText(1000),
})
export type DecisionInput = v.InferOutput<typeof decisionInput>
export const aboutInput = v.object({ id, reason: maybeText(1000) })
export const guestsInput = v.object({ id })

/** Many at once, each as it was read. */
export const bulkInput = v.object({
  decision: v.picklist(decisions, 'input.choose'),
  chosen: chosenMany,
  reason: maybeText(1000),
})

/** Decides about one activity as it was read, and mails its hosts why. "trust" lists it and lets this host's activities be listed at once from now on. Doing what is done already does nothing. */
export const decideActivity = (db: Db, viewer: Viewer, input: DecisionInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const activity = await lockWhole(trx, input.id)
    if (!mayReviewActivity(viewer, activity)) throw missing()
    if (input.decision === 'trust' && !mayTrustHost(viewer))
      throw new Refusal('forbidden', 'refusal.forbidden')
    const { decision, revision, reason } = input
    if (activity.state === 'withdrawn') throw new Refusal('conflict', 'activities.refusal.step')
    await changeState(
      trx,
      viewer,
      { id: input.id, to: target[decision], mover: 'reviewer', reason, revision },
      now,
    )
    if (activity.state === target[decision]) await markRead(trx, input.id)
    if (decision === 'trust') {
      const host = await trx
        .selectFrom('hosts')
        .select(['email', 'name'])
        .where('activity', '=', input.id)
        .where('part', '=', 'host')
        .where('confirmed', 'is not', null)
        .executeTakeFirst()
      if (host) await trustAddress(trx, viewer, { email: host.email, name: activity.hostName }, now)
    }
  })

/** Decides about up to a hundred activities, each on its own: what is refused is answered with its "no", the rest is done. A decision that needs a reason has none of them without one. */
export async function decideActivities(
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof bulkInput>,
  now: Date,
): Promise<Decided<Chosen>> {
  if (!mayReviewSome(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  if (needsReason(target[input.decision]) && input.reason === null)
    throw new Refusal('invalid', 'desk.reason-needed', {}, 'reason')
  return eachOnItsOwn(input.chosen, (one) => decideActivity(db, viewer, { ...input, ...one }, now))
}

/** Marks what was edited as looked at, without changing the state. Idempotent. */
export const readDifference = (db: Db, viewer: Viewer, input: { id: string }): Promise<void> =>
  inTransaction(db, async (trx) => {
    const activity = await lockWhole(trx, input.id)
    if (!mayReviewActivity(viewer, activity)) throw missing()
    await markRead(trx, input.id)
  })

/** Hides an activity from everybody at once, whatever its state; hides before it mails, and its host cannot bring it back. Pressed by a second person, both have taken it down. With `hold` nobody is mailed, and it is kept as it is until it is released. Idempotent. */
export const takeDownActivity = (
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string | null; hold?: boolean },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const activity = await lockWhole(trx, input.id)
    if (!mayReviewActivity(viewer, activity)) throw missing()
    const { id, reason } = input
    const hold = input.hold === true
    if (activity.state !== 'withdrawn') {
      // Of what was declined its hosts have heard already.
      const quiet = hold || activity.state === 'declined'
      await changeState(trx, viewer, { id, reason, to: 'withdrawn', mover: 'reviewer', quiet }, now)
    } else if (!(await takenDownBy(trx, id))?.by.includes(viewer.account)) {
      const { account } = viewer
      const { state } = activity
      await trx
        .insertInto('activityChanges')
        .values({ activity: id, at: now, account, fromState: state, toState: state, reason })
        .execute()
      await putAway(trx, viewer, { surface: id, how: 'taken-down' }, now)
    }
    if (hold) {
      await trx
        .updateTable('activities')
        .set({ held: activity.held ?? now })
        .where('id', '=', id)
        .execute()
    }
  })

/** Lets those who come to something that a reviewer took down be told that it is not certain, and nothing of why; writes down who let it. Hiding alone tells nobody. Refuses what is not hidden. Pressing twice mails once. */
export const tellGuests = async (trx: Trx, viewer: Viewer, input: { id: string }): Promise<void> => {
  const activity = await lockWhole(trx, input.id)
  if (!mayReviewActivity(viewer, activity)) throw missing()
  if (activity.state !== 'withdrawn' || !(await takenDown(trx, input.id)))
    throw new Refusal('conflict', 'activities.refusal.step')
  await writeDown(trx, viewer, { action: 'activity.guests-told', subject: `activities:${input.id}` })
  await addJob(trx, 'activity.not-certain', { activity: input.id })
}

/** Lets the guests of something that a reviewer took down be told that it is not certain; of what is held for somebody's safety only its two can, from its concern. Pressing twice mails once. */
export const tellGuestsOfTakenDown = (db: Db, viewer: Viewer, input: { id: string }): Promise<void> =>
  inTransaction(db, async (trx) => {
    const activity = await lockWhole(trx, input.id)
    if (mayReviewActivity(viewer, activity) && activity.held !== null)
      throw new Refusal('conflict', 'refusal.held')
    await tellGuests(trx, viewer, input)
  })

/** Lets an activity that was kept as it is be changed again; it stays taken down until somebody brings it back. Idempotent. */
export async function releaseActivity(db: Db, viewer: Viewer, input: { id: string }): Promise<void> {
  if (!reviews(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await db.updateTable('activities').set({ held: null }).where('id', '=', input.id).execute()
}

/** Puts what was taken down back to where it was: only somebody else than whoever took it down and whoever hosts it. Mails its hosts when others can see it again. */
export const restoreActivity = (
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string | null },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const activity = await lockWhole(trx, input.id)
    if (!mayReviewActivity(viewer, activity)) throw missing()
    const taken = await takenDownBy(trx, input.id)
    if (!taken || !(await mayBringBack(trx, viewer, input.id)))
      throw new Refusal('forbidden', 'activities.refusal.second-person')
    const quiet = taken.from !== 'published' && taken.from !== 'by-link'
    await changeState(trx, viewer, { ...input, to: taken.from, mover: 'reviewer', quiet }, now)
  })
