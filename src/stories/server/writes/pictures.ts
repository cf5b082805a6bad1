import * as v from 'valibot'
import { answerFor } from '#consent/server/writes/answering.ts'
import { stillThere } from '#consent/server/reads/rendition.ts'
import { takeVersion, type MadeVersion } from '#consent/server/writes/made.ts'
import { askForCircle, placeVersion, takeOut, versionDescribed } from '#consent/server/writes/placing.ts'
import { openSurface } from '#consent/server/writes/taking-down.ts'
import { coverInput } from '#media/covering.ts'
import { describeInput } from '#media/picture.ts'
import { uploadPass } from '#media/server/pass.ts'
import { versionOf } from '#media/server/reads.ts'
import {
  answerForUploads,
  coverVersion,
  describeVersion,
  takeAwayVersion,
} from '#media/server/writes/versions.ts'
import { missing } from '#kernel/refusal.ts'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { afterSending } from '#stories/server/writes/add.ts'
import { changeStory, lockForTeller, type LockedStory } from '#stories/server/writes/change.ts'
import { noticeNamesOf } from '#stories/server/writes/follow.ts'
import { handOf, heldStory, type Held } from '#stories/server/reads/own-pictures.ts'
import { differenceOfPicture } from '#stories/own-picture.ts'

export const token = v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))

export const describedPicture = v.object({ ...describeInput.entries, token })
export const coveredPicture = v.intersect([coverInput, v.object({ token })])
export const removedPicture = v.object({ token, version: v.pipe(v.string(), v.uuid('input.choose')) })
export const answeredStory = v.object({
  token,
  organisation: v.pipe(v.string('input.choose'), v.uuid('input.choose')),
  version: v.optional(v.string(), ''),
})
export const shownPictures = v.object({ token })

/** What a week's public pages are. */
const publicPages = 5

/** Takes up a picture in the transaction that makes it: a new one is put onto the story it was sent for, seen by nobody yet; an edit takes the place of what it was made from; what it is known by is kept, and what is like a withdrawn one is stopped (rule 25). Runs twice. */
export async function placePicture(trx: Trx, made: MadeVersion, now: Date): Promise<void> {
  if (made.source === null) await placeOnStory(trx, made, now)
  await takeVersion(trx, made, now)
}

async function placeOnStory(trx: Trx, made: MadeVersion, now: Date): Promise<void> {
  const story = await trx
    .selectFrom('stories as s')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['s.id', 's.state', 's.account', 's.email', 'a.lastEnd'])
    .where('s.id', '=', made.surface)
    .forUpdate('s')
    .executeTakeFirst()
  if (!story) return
  const by = await handOf(trx, { ...story, account: made.maker ?? story.account })
  const placing = {
    surface: story.id,
    type: 'story',
    version: made.version,
    circle: publicPages,
    purpose: 'celebrate',
    modifiers: [],
    organisation: made.organisation,
    notBefore: story.lastEnd,
    by,
  } as const
  await placeVersion(trx, theSite, placing, now)
  await openSurface(trx, story.id, story.state === 'published')
}

/** Does something to one of the pictures of a story whose link somebody holds: the one way to do it, and none while somebody's worry keeps it as it is. */
export const asHolder = <Result>(
  db: Db,
  viewer: Viewer,
  input: { token: string; version: string | null; now: Date },
  work: (trx: Trx, story: Held) => Promise<Result>,
): Promise<Result> =>
  inTransaction(db, async (trx) => {
    const story = await heldStory(trx, viewer, input.token, input.now)
    // A worry that comes at the same moment waits for this, or this for the worry.
    await lockForTeller(trx, story)
    const version = input.version === null ? null : await versionOf(trx, input.version)
    if (input.version !== null && version?.surface !== story.id) throw missing()
    const done = await work(trx, story)
    // A name may have been written before it was said whose it is, or in a line under a picture after that.
    await noticeNamesOf(trx, viewer, { story: story.id }, input.now)
    return done
  })

const passOf = (viewer: Viewer, story: Held, now: Date): string =>
  uploadPass(story.id, viewer.account, story.organisation, now)

/** Keeps what a picture shows, in words, or that it is decoration. Of one that was seen or is being read, other words are an edit of the story as any other: they are read first. */
export const describePicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof describedPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    const { version } = input
    const before = await versionOf(trx, version)
    await describeVersion(trx, viewer, { ...input, pass: passOf(viewer, story, now) }, now)
    await versionDescribed(trx, viewer, { version, by: story.hand }, now)
    const after = await versionOf(trx, version)
    if (!before || !after || before.revision === after.revision) return
    const told = await lockForTeller(trx, story)
    if (!(await wasRead(trx, told, version))) return
    const to =
      told.state === 'published'
        ? await afterSending(trx, told, { account: viewer.account, email: told.email ?? '' })
        : told.state
    const difference = differenceOfPicture(before, after)
    await changeStory(trx, viewer, { story: told, to, mover: 'teller', difference }, now)
  })

/** Whether somebody has read, or reads at this moment, the words of a picture as they were: then other words have to be read as well. */
async function wasRead(trx: Trx, { state }: LockedStory, version: string): Promise<boolean> {
  if (state === 'waiting' || state === 'hidden') return true
  if (state !== 'published') return false
  const seen = await trx
    .selectFrom('placements')
    .select('id')
    .where('version', '=', version)
    .where('state', 'in', ['live', 'hidden'])
    .executeTakeFirst()
  return seen !== undefined
}

/** Covers parts of a picture: from this moment only the covered one can be read. What is gone for all is not covered: that would hand it out anew. */
export const coverPicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof coveredPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    if ((await stillThere(trx, [input.version])).length === 0) throw missing()
    await coverVersion(trx, viewer, { ...input, pass: passOf(viewer, story, now) }, now)
  })

/** Takes a picture out of a story for good, and what it was made from. Idempotent. Media's row is locked before permission's log, as everywhere else. */
export const removePicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof removedPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    const { version } = input
    await takeAwayVersion(trx, viewer, { version, pass: passOf(viewer, story, now) }, now)
    const source = (await versionOf(trx, version))?.source ?? null
    const all = source === null ? [version] : [version, source]
    for (const one of all) {
      await takeOut(trx, viewer, { surface: story.id, version: one, by: story.hand }, now)
    }
  })

/** Asks for all pictures of a story to be shown on the week's public pages, as soon as nothing is missing. Idempotent. */
export const askToShow = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof shownPictures>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { token: input.token, version: null, now }, async (trx, story) => {
    await askForCircle(trx, viewer, { surface: story.id, circle: publicPages, by: story.hand }, now)
  })

/** Lets an organisation that whoever holds the link belongs to answer for the pictures for which nobody did, and answers at which picture that was said. Idempotent. */
export const letAnswer = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof answeredStory>,
  now: Date,
): Promise<{ version: string | null }> =>
  asHolder(db, viewer, { token: input.token, version: null, now }, async (trx, story) => {
    const { organisation, version } = input
    await answerForUploads(trx, { surface: story.id, organisation })
    await answerFor(trx, viewer, { surface: story.id, organisation, by: story.hand }, now)
    return { version: story.unanswered.includes(version) ? version : null }
  })
