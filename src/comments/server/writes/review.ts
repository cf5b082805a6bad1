import { sql } from 'kysely'
import * as v from 'valibot'
import { mayRestoreReply, mayReviewReplies, mayShowReply } from '#comments/may.ts'
import { allWordsOf, watchedForm, type ReplyState } from '#comments/reply.ts'
import { lockReply, moveReply } from '#comments/server/writes/move.ts'
import { namesSomebody } from '#consent/server/reads/named.ts'
import { maybeText } from '#kernel/input.ts'
import { chosenMany, eachOnItsOwn, type Chosen, type Decided } from '#kernel/many.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

export const replyDecisions = ['show', 'decline', 'hide'] as const
const reason = maybeText(1000)

/** Many at once, each as it was read. */
export const repliesBulk = v.object({
  decision: v.picklist(replyDecisions, 'input.choose'),
  chosen: chosenMany,
  reason,
})
export const replyPress = v.object({
  id: v.pipe(v.string('input.choose'), v.uuid('input.choose')),
  reason,
})

const states = { show: 'shown', decline: 'declined', hide: 'hidden' } as const

/** What a reviewer decides about a reply; `revision` is what they read, so that nobody shows words that were changed meanwhile. */
export type ReplyDecision = { id: string; revision: number; to: ReplyState; reason: string | null }

/** Shows, declines or hides a reply as it was read. One that names somebody who is in the story, and is not named there, is shown by nobody (rule 14); one that was hidden only by a second person; nobody shows their own. */
export const decideReply = async (
  db: Db,
  viewer: Viewer,
  { id, revision, to, reason: why }: ReplyDecision,
  now: Date,
): Promise<{ id: string }> => {
  if (!mayReviewReplies(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const reply = await lockReply(trx, { id })
    if (!reply) throw missing()
    if (reply.state === to) return { id }
    if (to !== 'hidden' && reply.revision !== revision) throw new Refusal('conflict', 'replies.changed')
    if (to === 'shown') {
      const may = reply.state === 'hidden' ? mayRestoreReply(viewer, reply) : mayShowReply(viewer, reply)
      if (!may) throw new Refusal('forbidden', 'replies.second-person')
      if (await namesSomebody(trx, reply.story, allWordsOf(reply)))
        throw new Refusal('conflict', 'replies.names-somebody')
    }
    await moveReply(trx, viewer, { reply, to, by: 'desk', reason: why }, now)
    return { id }
  })
}

/** Decides about up to a hundred replies at once, each on its own: what is refused is answered with its "no", the rest is done. Declining needs a reason: it is mailed. */
export async function decideReplies(
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof repliesBulk>,
  now: Date,
): Promise<Decided<Chosen>> {
  if (!mayReviewReplies(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  if (input.decision === 'decline' && input.reason === null)
    throw new Refusal('invalid', 'desk.reason-needed', {}, 'reason')
  const { decision, reason: why } = input
  return eachOnItsOwn(input.chosen, (one) =>
    decideReply(db, viewer, { ...one, to: states[decision], reason: why }, now),
  )
}

/** Hides a reply from everybody in one press, whatever its state and whoever changed it meanwhile. With `hold` its writer is not written to, and it is kept as it is until it is released. Idempotent. */
export const hideReply = async (
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string | null; hold?: boolean },
  now: Date,
): Promise<{ id: string }> => {
  if (!mayReviewReplies(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const reply = await lockReply(trx, { id: input.id })
    if (!reply) throw missing()
    const hold = input.hold === true
    if (reply.state === 'hidden' && (!hold || reply.held !== null)) return { id: reply.id }
    await moveReply(trx, viewer, { reply, to: 'hidden', by: 'desk', reason: input.reason, hold }, now)
    return { id: reply.id }
  })
}

/** Lets a reply that was kept as it is be changed again; it stays hidden until somebody shows it. Idempotent. */
export async function releaseReply(db: Db, viewer: Viewer, input: { id: string }): Promise<void> {
  if (!mayReviewReplies(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await db.updateTable('replies').set({ held: null }).where('id', '=', input.id).execute()
}

/** Hides a reply as it was before a restore brought back what had been put away since the backup; nobody is mailed, and whoever hid it stays the one who did. Answers whether there was anything to hide. Idempotent. */
export async function hideReplyAgain(
  trx: Trx,
  { surface, by }: { surface: string; by: string },
  now: Date,
): Promise<boolean> {
  const known = await trx
    .selectFrom('accounts')
    .select('id')
    .where(sql<string>`id::text`, '=', by)
    .executeTakeFirst()
  const hidden = await trx
    .updateTable('replies')
    .set({ state: 'hidden', decidedBy: known?.id ?? null, changed: now, revision: sql`revision + 1` })
    .where('id', '=', surface)
    .where('state', '=', 'shown')
    .executeTakeFirst()
  return hidden.numUpdatedRows > 0
}

/** Shows a hidden reply again: only somebody else than the one who hid it and the one who wrote it. */
export const restoreReply = (
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string | null },
  now: Date,
): Promise<{ id: string }> =>
  inTransaction(db, async (trx) => {
    const reply = await lockReply(trx, { id: input.id })
    if (!reply || reply.state !== 'hidden') throw missing()
    const { id, revision } = reply
    return decideReply(trx, viewer, { id, revision, to: 'shown', reason: input.reason }, now)
  })

/** Takes every reply to a story out of sight that names somebody who is in it now and is not named there: a person reads it. Can only hide. Idempotent; five hundred at most. */
export async function holdNamingReplies(trx: Trx, input: { story: string }, now: Date): Promise<void> {
  const shown = await trx
    .selectFrom('replies')
    .select(['id', 'name', 'words', 'website'])
    .where('story', '=', input.story)
    .where('state', '=', 'shown')
    .orderBy('created', 'desc')
    .limit(500)
    .execute()
  for (const { id, ...said } of shown) {
    if (!(await namesSomebody(trx, input.story, allWordsOf(said)))) continue
    const reply = await lockReply(trx, { id })
    if (reply?.state !== 'shown') continue
    const named = { ...said, waitsFor: 'named' } as const
    await moveReply(trx, theSite, { reply, to: 'waiting', by: 'desk', said: named }, now)
  }
}

/** Keeps the words that are watched for in place of those before, and writes that down, not which. Idempotent. */
export const watchWords = async (
  db: Db,
  viewer: Viewer,
  { words }: v.InferOutput<typeof watchedForm>,
): Promise<void> => {
  if (!mayReviewReplies(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    await trx.deleteFrom('watchedWords').execute()
    if (words.length > 0)
      await trx
        .insertInto('watchedWords')
        .values(words.map((word) => ({ word })))
        .execute()
    await writeDown(trx, viewer, {
      action: 'replies.watched',
      subject: 'site:watched-words',
      details: { count: words.length },
    })
  })
}
