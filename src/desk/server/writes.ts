import { reviewersOf } from '#accounts/server/reads/people.ts'
import { activityForReview, type ActivityInReview } from '#activities/server/reads/review.ts'
import { releaseActivity, restoreActivity, tellGuests } from '#activities/server/writes/review.ts'
import { releaseReply, restoreReply } from '#comments/server/writes/review.ts'
import { holdOn } from '#consent/server/reads/holds.ts'
import { endHold, holdDays, holdSurface, openHold } from '#consent/server/writes/holds.ts'
import { thingOf, type Thing } from '#desk/concern.ts'
import { mayAnswerConcerns, mayReadRecords } from '#desk/may.ts'
import { concernAbout, type WholeConcern } from '#desk/server/reads.ts'
import { day } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Version } from '#media/picture.ts'
import { versionsOn } from '#media/server/reads.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { tryAgain } from '#platform/server/outbox.ts'
import { releaseStory, restoreStory } from '#stories/server/writes/review.ts'

/** A concern that was opened, with the pictures of what it is about, or the whole activity. */
export type OpenedConcern = WholeConcern & { pictures: Version[]; activity: ActivityInReview | null }

/** Opens a concern in which somebody is worried about somebody, and writes down, each time, that it was opened and by whom. What is held is opened only by the two who are named. Looks like nothing is there to whoever may not answer concerns. */
export const openConcern = (
  db: Db,
  viewer: Viewer,
  input: { id: string },
  now: Date,
): Promise<OpenedConcern> =>
  inTransaction(db, async (trx) => {
    const concern = await concernAbout(trx, viewer, input.id, now)
    const { about, hold, state, door } = concern
    if (hold && !hold.mayOpen) throw new Refusal('forbidden', 'desk.openers-only')
    if (!hold && about && door === 'worried' && state === 'open')
      throw new Refusal('conflict', 'consent.refusal.hold-over')
    if (hold) await openHold(trx, viewer, { hold: hold.hold, why: `concerns:${concern.id}` }, now)
    await writeDown(trx, viewer, { action: 'concern.opened', subject: `concerns:${concern.id}` })
    return {
      ...concern,
      pictures: hold && about ? await versionsOn(trx, about.id) : [],
      activity: about?.room === 'activities' ? await activityForReview(trx, viewer, about.id, true) : null,
    }
  })

/** Lets the guests of what a concern hid be told that it is not certain; of what is held only its two can. Pressing twice mails once. */
export const tellGuestsOf = (db: Db, viewer: Viewer, input: { id: string }, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { about, hold, state, door } = await concernAbout(trx, viewer, input.id, now)
    if (about?.room !== 'activities') throw missing()
    if (hold && !hold.mayOpen) throw new Refusal('forbidden', 'desk.openers-only')
    if (!hold && door === 'worried' && state === 'open')
      throw new Refusal('conflict', 'consent.refusal.hold-over')
    await tellGuests(trx, viewer, about)
  })

/** Names the two who may open what somebody is worried about, for four weeks from now; they have to be people who review. */
export const nameOpeners = (
  db: Db,
  viewer: Viewer,
  input: { id: string; one: string; two: string },
  now: Date,
): Promise<void> =>
  inTransaction(db, async (trx) => {
    const { about, door } = await concernAbout(trx, viewer, input.id, now)
    if (!about || door !== 'worried') throw missing()
    const people = new Set((await reviewersOf(trx)).map(({ account }) => account))
    const openers = [input.one, input.two].filter((one) => people.has(one))
    const until = new Date(now.getTime() + holdDays * day)
    await holdSurface(trx, viewer, { surface: about.id, concern: input.id, openers, until }, now)
  })

/** Ends a concern with what was done about it. What somebody was worried about may be changed again when nobody else is, and its hold ends; it stays hidden. Of what is held only its two can say that it is over. Idempotent. */
export async function closeConcern(
  db: Db,
  viewer: Viewer,
  input: { id: string; outcome: string },
  now: Date,
): Promise<void> {
  if (!mayAnswerConcerns(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const closed = await trx
      .updateTable('concerns')
      .set({ state: 'closed', outcome: input.outcome, handledBy: viewer.account, handled: now })
      .where('id', '=', input.id)
      .where('state', '=', 'open')
      .returning(['id', 'door', 'subject'])
      .executeTakeFirst()
    if (!closed) return
    const thing = thingOf(closed.subject)
    const hold = thing && closed.door === 'worried' ? await holdOn(trx, viewer, thing.id, now) : null
    if (hold && !hold.mayOpen) throw new Refusal('forbidden', 'desk.openers-only')
    if (thing && !(await openAbout(trx, thing)).some(({ door }) => door === 'worried')) {
      await release(trx, viewer, thing)
      if (hold) await endHold(trx, viewer, { hold: hold.hold, why: `concerns:${input.id}` }, now)
    }
    await writeDown(trx, viewer, { action: 'concern.closed', subject: `concerns:${input.id}` })
  })
}

const release = (trx: Trx, viewer: Viewer, { room, id }: Thing): Promise<void> =>
  ({ stories: releaseStory, activities: releaseActivity, replies: releaseReply })[room](trx, viewer, { id })

/** The open concerns that hid a thing. */
const openAbout = (trx: Trx, { room, id }: Thing): Promise<{ id: string; door: string }[]> =>
  trx
    .selectFrom('concerns')
    .select(['id', 'door'])
    .where('subject', '=', `${room}:${id}`)
    .where('state', '=', 'open')
    .where('hid', '=', true)
    .execute()

/** Brings back what a concern is about, with a reason that is mailed to whoever made it: only somebody else than whoever hid it, and only when nobody else still asks for it to be hidden. The concern stays as it is. Bringing back what is there already does nothing. */
export async function restoreSubject(
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const concern = await concernAbout(trx, viewer, input.id, now)
    if (!concern.about) throw missing()
    if (!concern.about.hidden) return
    await bringBack(trx, viewer, { thing: concern.about, concerns: [input.id], reason: input.reason }, now)
    await writeDown(trx, viewer, { action: 'concern.brought-back', subject: `concerns:${input.id}` })
  })
}

/** Brings one thing back; `concerns` are those that are being answered with it, and any other that hid it keeps it hidden. */
export async function bringBack(
  trx: Trx,
  viewer: Viewer,
  input: { thing: Thing; concerns: readonly string[]; reason: string },
  now: Date,
): Promise<void> {
  const { thing, reason } = input
  const others = (await openAbout(trx, thing)).filter(({ id }) => !input.concerns.includes(id))
  if (others.length > 0) throw new Refusal('conflict', 'desk.other-concern')
  const restore = { stories: restoreStory, activities: restoreActivity, replies: restoreReply }
  await restore[thing.room](trx, viewer, { id: thing.id, reason }, now)
}

/** Lets one mail that could not be delivered be tried again, or all of them, and writes it down. Answers how many; pressing twice does it once. */
export async function tryMailsAgain(
  db: Db,
  viewer: Viewer,
  input: { mail: string | null },
  now: Date,
): Promise<number> {
  if (!mayReadRecords(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const count = await tryAgain(trx, input.mail, now)
    if (count > 0)
      await writeDown(trx, viewer, {
        action: 'mail.again',
        subject: input.mail === null ? 'mails:all' : `mails:${input.mail}`,
        details: { count },
      })
    return count
  })
}
