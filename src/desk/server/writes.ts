import { releaseActivity, restoreActivity } from '#activities/server/writes/review.ts'
import { thingOf, type Thing } from '#desk/concern.ts'
import { mayAnswerConcerns, mayReadRecords } from '#desk/may.ts'
import { concernAbout, type WholeConcern } from '#desk/server/reads.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { tryAgain } from '#platform/server/outbox.ts'
import { releaseStory, restoreStory } from '#stories/server/writes/review.ts'

/** Opens a concern in which somebody is worried about somebody, and writes down, each time, that it was opened and by whom. Looks like nothing is there to whoever may not answer concerns. */
export const openConcern = (
  db: Db,
  viewer: Viewer,
  input: { id: string },
  _now: Date,
): Promise<WholeConcern> =>
  inTransaction(db, async (trx) => {
    const concern = await concernAbout(trx, viewer, input.id)
    await writeDown(trx, viewer, { action: 'concern.opened', subject: `concerns:${concern.id}` })
    return concern
  })

/** Ends a concern with what was done about it. What somebody was worried about may be changed again when nobody else is; it stays hidden. Idempotent. */
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
      .returning(['id', 'subject'])
      .executeTakeFirst()
    if (!closed) return
    await writeDown(trx, viewer, { action: 'concern.closed', subject: `concerns:${input.id}` })
    const thing = thingOf(closed.subject)
    if (thing && !(await openAbout(trx, thing)).some(({ door }) => door === 'worried'))
      await release(trx, viewer, thing)
  })
}

const release = (trx: Trx, viewer: Viewer, { room, id }: Thing): Promise<void> =>
  room === 'stories' ? releaseStory(trx, viewer, { id }) : releaseActivity(trx, viewer, { id })

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
    const concern = await concernAbout(trx, viewer, input.id)
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
  if (thing.room === 'stories') await restoreStory(trx, viewer, { id: thing.id, reason }, now)
  else await restoreActivity(trx, viewer, { id: thing.id, reason }, now)
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
