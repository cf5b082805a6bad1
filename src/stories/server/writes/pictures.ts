import * as v from 'valibot'
import { askForCircle, placeVersion, takeOut, versionDescribed } from '#consent/server/writes/placing.ts'
import { coverInput } from '#media/covering.ts'
import { describeInput } from '#media/picture.ts'
import { uploadPass } from '#media/server/pass.ts'
import { versionOf } from '#media/server/reads.ts'
import { coverVersion, describeVersion, takeAwayVersion } from '#media/server/writes/versions.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { heldStory, tellerHand, type Held } from '#stories/server/reads/own-pictures.ts'

export const token = v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))

export const describedPicture = v.object({ ...describeInput.entries, token })
export const coveredPicture = v.intersect([coverInput, v.object({ token })])
export const removedPicture = v.object({ token, version: v.pipe(v.string(), v.uuid('input.choose')) })
export const shownPictures = v.object({ token })

/** What a week's public pages are. */
const publicPages = 5

/** Puts a picture that has arrived onto its story, seen by nobody yet. For a version on something that is no story it does nothing. Runs twice. */
export const placePicture: Task = async (db, payload, now) => {
  const version = await versionOf(db, idIn(payload, 'version'))
  if (!version) return
  const story = await db
    .selectFrom('stories as s')
    .leftJoin('activities as a', 'a.id', 's.activity')
    .select(['s.id', 's.account', 's.email', 'a.lastEnd'])
    .where('s.id', '=', version.surface)
    .executeTakeFirst()
  if (!story) return
  const sender: Viewer = { account: version.account, email: null, name: null, roles: [] }
  const by = await tellerHand(db, sender, story)
  await placeVersion(
    db,
    sender,
    {
      surface: story.id,
      type: 'story',
      version: version.id,
      circle: publicPages,
      purpose: 'celebrate',
      modifiers: [],
      organisation: version.organisation,
      notBefore: story.lastEnd,
      by,
    },
    now,
  )
}

/** Does something to one of the pictures of a story whose link somebody holds. */
export const asHolder = <Result>(
  db: Db,
  viewer: Viewer,
  input: { token: string; version: string | null; now: Date },
  work: (trx: Trx, story: Held) => Promise<Result>,
): Promise<Result> =>
  inTransaction(db, async (trx) => {
    const story = await heldStory(trx, viewer, input.token, input.now)
    const version = input.version === null ? null : await versionOf(trx, input.version)
    if (input.version !== null && version?.surface !== story.id) throw missing()
    return work(trx, story)
  })

const passOf = (viewer: Viewer, story: Held, now: Date): string =>
  uploadPass(story.id, viewer.account, story.organisation, now)

/** Keeps what a picture shows, in words, or that it is decoration. */
export const describePicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof describedPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    await describeVersion(trx, viewer, { ...input, pass: passOf(viewer, story, now) }, now)
    await versionDescribed(trx, viewer, { version: input.version, by: story.hand }, now)
  })

/** Covers parts of a picture: from this moment only the covered one can be read. */
export const coverPicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof coveredPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    await coverVersion(trx, viewer, { ...input, pass: passOf(viewer, story, now) }, now)
  })

/** Takes a picture out of a story for good. Idempotent. */
export const removePicture = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof removedPicture>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    await takeOut(trx, viewer, { surface: story.id, version: input.version, by: story.hand }, now)
    await takeAwayVersion(trx, viewer, { version: input.version, pass: passOf(viewer, story, now) }, now)
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
