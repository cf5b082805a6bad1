import * as v from 'valibot'
import { maybeText } from '#kernel/input.ts'
import { chosenMany, eachOnItsOwn, type Chosen, type Decided } from '#kernel/many.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { mayHideStory, mayRestoreStory, mayReviewStories } from '#stories/may.ts'
import { isHiddenByNo } from '#stories/server/reads/refused.ts'
import { tellersOf } from '#stories/server/reads/tellers.ts'
import { openHiding, type OpenHiding } from '#stories/server/writes/add.ts'
import { changeStory, lockStory, type LockedStory } from '#stories/server/writes/change.ts'
import type { StoryState } from '#stories/story.ts'

/** What a reviewer decides; `revision` is what they read, so that nobody publishes words that were changed meanwhile. */
export type Decision = { id: string; revision: number; reason: string | null }

const reason = maybeText(1000)
const needed = v.pipe(
  reason,
  v.check((words) => words !== null, 'input.needed'),
)
const id = v.pipe(v.string('input.choose'), v.uuid('input.choose'))
const revision = v.pipe(v.string('input.choose'), v.regex(/^\d{1,9}$/, 'input.choose'), v.transform(Number))

export const decisions = ['publish', 'ask', 'decline', 'hide'] as const
export const publishInput = v.object({ id, revision, reason })
/** Asking for more and declining need a reason: it is mailed. */
export const reasonedInput = v.object({ id, revision, reason: needed })
export const hideInput = v.object({ id, reason })
export const restoreInput = v.object({ id, revision, reason: needed })

/** Many at once, each as it was read. */
export const bulkInput = v.object({
  decision: v.picklist(decisions, 'input.choose'),
  chosen: chosenMany,
  reason,
})

const hidingOf = async (trx: Trx, story: LockedStory): Promise<OpenHiding | undefined> =>
  (await openHiding(trx, story.id)) ??
  (story.state === 'hidden' ? { by: [], from: story.published ? 'published' : 'waiting' } : undefined)

const hasUnread = async (trx: Trx, { id: story }: LockedStory): Promise<boolean> =>
  (await trx
    .selectFrom('storyChanges')
    .select('id')
    .where('story', '=', story)
    .where('read', '=', false)
    .limit(1)
    .executeTakeFirst()) !== undefined

async function onlySecondPerson(
  trx: Trx,
  viewer: Viewer,
  { story, hiding }: { story: LockedStory; hiding: OpenHiding },
): Promise<void> {
  if (!mayRestoreStory(viewer, { hiddenBy: hiding.by, tellers: await tellersOf(trx, story.id) }))
    throw new Refusal('forbidden', 'stories.review.second-person')
}

async function decide(
  db: Db,
  viewer: Viewer,
  { id: story, revision: read, reason: why, to }: Decision & { to: StoryState },
  now: Date,
): Promise<{ id: string }> {
  if (!mayReviewStories(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const found = await lockStory(trx, { id: story })
    if (!found) throw missing()
    if (found.state === to) {
      // It is on the wall already, and a second press would seem to have brought it back.
      if (to === 'published' && (await isHiddenByNo(trx, story)))
        throw new Refusal('conflict', 'stories.review.said-no')
      return { id: story }
    }
    if (found.revision !== read) throw new Refusal('conflict', 'stories.review.changed')
    const hiding = await hidingOf(trx, found)
    if (to === 'published' && hiding !== undefined) {
      await onlySecondPerson(trx, viewer, { story: found, hiding })
      // What was hidden before anybody sent it is nothing to publish.
      if (found.state === 'hidden' && !['published', 'waiting', 'declined'].includes(hiding.from))
        throw new Refusal('conflict', 'stories.refusal.step')
    }
    await changeStory(trx, viewer, { story: found, to, mover: 'desk', reason: why }, now)
    return { id: story }
  })
}

/** Puts a story on the wall, as it was read; one whose activity is not over yet appears when it is. Mails its teller. */
export const publishStory = (db: Db, viewer: Viewer, input: Decision, now: Date) =>
  decide(db, viewer, { ...input, to: 'published' }, now)

/** Asks the teller for more, with a reason; nothing is shown until they answer and it is read again. */
export const askForMore = (db: Db, viewer: Viewer, input: Decision, now: Date) =>
  decide(db, viewer, { ...input, to: 'asked-for-more' }, now)

/** Declines a story, with a reason; its teller may change it and send it again. */
export const declineStory = (db: Db, viewer: Viewer, input: Decision, now: Date) =>
  decide(db, viewer, { ...input, to: 'declined' }, now)

/** Hides a story from everybody in one press, whatever its state and whoever changed it meanwhile; hides before it mails. Pressed by a second person, both have hidden it. With `hold` nobody is mailed, and it is kept as it is until it is released. Idempotent. */
export async function hideStory(
  db: Db,
  viewer: Viewer,
  input: ({ id: string } | { slug: string }) & { reason: string | null; hold?: boolean },
  now: Date,
): Promise<{ id: string }> {
  if (!mayHideStory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const story = await lockStory(trx, input)
    if (!story) throw missing()
    const hiding = story.state === 'hidden' ? await openHiding(trx, story.id) : undefined
    const quiet = input.hold === true
    if (!hiding?.by.includes(viewer.account)) {
      await changeStory(trx, viewer, { story, to: 'hidden', mover: 'desk', reason: input.reason, quiet }, now)
    }
    if (quiet) {
      const held = { held: story.held ?? now }
      await trx.updateTable('stories').set(held).where('id', '=', story.id).execute()
    }
    return { id: story.id }
  })
}

/** Lets a story that was kept as it is be changed again; it stays hidden until somebody shows it. Idempotent. */
export async function releaseStory(db: Db, viewer: Viewer, input: { id: string }): Promise<void> {
  if (!mayReviewStories(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  await db.updateTable('stories').set({ held: null }).where('id', '=', input.id).execute()
}

/** Puts a hidden story back to where it was, with a reason: only somebody else than the one who hid it and the one who tells it, and only as they read it (`revision`); by a page that does not say what they read, only when nothing was changed that nobody has read. Mails its teller when everybody can read it again. */
export async function restoreStory(
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string | null; revision?: number },
  now: Date,
): Promise<{ id: string }> {
  if (!mayReviewStories(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const story = await lockStory(trx, { id: input.id })
    if (!story || story.state !== 'hidden') throw missing()
    const hiding = (await hidingOf(trx, story)) ?? { by: [], from: 'waiting' }
    await onlySecondPerson(trx, viewer, { story, hiding })
    const read =
      input.revision === undefined ? !(await hasUnread(trx, story)) : input.revision === story.revision
    if (!read) throw new Refusal('conflict', 'stories.review.changed')
    const { from: to } = hiding
    const change = { story, to, mover: 'desk', reason: input.reason, quiet: to !== 'published' } as const
    await changeStory(trx, viewer, change, now)
    return { id: story.id }
  })
}

/** Decides about up to a hundred stories at once, each on its own: what is refused (changed meanwhile, hidden by the same person) is answered with its "no", the rest is done. */
export async function decideStories(
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof bulkInput>,
  now: Date,
): Promise<Decided<Chosen>> {
  if (!mayReviewStories(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const needsReason = input.decision === 'ask' || input.decision === 'decline'
  if (needsReason && input.reason === null) throw new Refusal('invalid', 'desk.reason-needed', {}, 'reason')
  const useCase = { publish: publishStory, ask: askForMore, decline: declineStory, hide: hideStory }
  const { decision, reason: why } = input
  return eachOnItsOwn(input.chosen, (one) => useCase[decision](db, viewer, { ...one, reason: why }, now))
}
