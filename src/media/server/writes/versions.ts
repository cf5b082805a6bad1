import { mayChange } from '#media/may.ts'
import type { CoverInput } from '#media/covering.ts'
import type { DescribeInput, OrderInput, TakeAwayInput } from '#media/picture.ts'
import { readPass } from '#media/server/pass.ts'
import { mostCovers, type Cover } from '#kernel/pictures.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { addJob } from '#platform/server/queue.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Locks a version, in whatever state, that whoever asks may change; "not there" and "not yours" look alike. Others may go on naming it meanwhile. */
async function locked(trx: Trx, viewer: Viewer, input: { version: string; pass: string }, now: Date) {
  const row = await trx
    .selectFrom('versions as v')
    .innerJoin('uploads as u', 'u.id', 'v.upload')
    .select(['v.id', 'v.surface', 'v.upload', 'v.state', 'v.position', 'v.revision', 'v.words'])
    .select(['v.decoration', 'v.caption', 'v.covers', 'u.account', 'u.organisation'])
    .where('v.id', '=', input.version)
    .forNoKeyUpdate('v')
    .executeTakeFirst()
  if (!row) throw missing()
  const proven = readPass(input.pass, now)?.surface === row.surface
  if (!mayChange(viewer, { ...row, proven })) throw missing()
  return row
}

async function changeable(trx: Trx, viewer: Viewer, input: { version: string; pass: string }, now: Date) {
  const row = await locked(trx, viewer, input, now)
  if (row.state === 'refused' || row.state === 'purged') throw missing()
  return row
}

/** Says what a picture shows, or that it is decoration, and its caption. Refuses when somebody else changed them meanwhile. */
export async function describeVersion(
  db: Db,
  viewer: Viewer,
  input: DescribeInput,
  now: Date,
): Promise<{ surface: string }> {
  return inTransaction(db, async (trx) => {
    const version = await changeable(trx, viewer, input, now)
    const words = input.decoration ? '' : (input.words ?? '')
    const next = { words, decoration: input.decoration, caption: input.caption ?? '' }
    const same =
      version.words === next.words &&
      version.decoration === next.decoration &&
      version.caption === next.caption
    if (same) return { surface: version.surface }
    if (version.revision !== input.revision) throw new Refusal('conflict', 'refusal.stale')
    await trx
      .updateTable('versions')
      .set({ ...next, revision: version.revision + 1 })
      .where('id', '=', version.id)
      .execute()
    return { surface: version.surface }
  })
}

/** Puts the pictures of a surface into an order; those that are not named keep theirs, behind. */
export async function orderVersions(db: Db, viewer: Viewer, input: OrderInput, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const [position, version] of input.versions.entries()) {
      const row = await changeable(trx, viewer, { version, pass: input.pass }, now)
      if (row.surface !== input.surface) throw missing()
      await trx.updateTable('versions').set({ position }).where('id', '=', version).execute()
    }
  })
}

/** Covers parts of a picture: a new version is made with them burnt in, and the one before can be read no more from this moment. Once for each form key. */
export async function coverVersion(
  db: Db,
  viewer: Viewer,
  input: CoverInput,
  now: Date,
): Promise<{ version: string; surface: string }> {
  return inTransaction(db, (trx) =>
    onceOnly(trx, `cover ${input.version}`, input.formKey, async () => {
      const source = await changeable(trx, viewer, input, now)
      if (source.state === 'waiting') throw new Refusal('conflict', 'media.cover.early')
      const covers = [...(source.covers as Cover[]), ...input.covers]
      if (covers.length > mostCovers) throw new Refusal('invalid', 'media.cover.many', {}, 'covers')
      const made = await trx
        .insertInto('versions')
        .values({
          upload: source.upload,
          source: source.id,
          surface: source.surface,
          position: source.position,
          covers: JSON.stringify(covers),
          coveredBy: viewer.account ?? `link:${keyedHash(input.pass)}`,
          words: source.words,
          decoration: source.decoration,
          caption: source.caption,
          created: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await trx.updateTable('versions').set({ state: 'purged' }).where('id', '=', source.id).execute()
      await addJob(trx, 'picture.received', { version: made.id }, { queue: 'pictures', priority: -10 })
      return { version: made.id, surface: source.surface }
    }),
  )
}

/** Says that somebody other than whoever drew the covers has looked at them: what lies under them is then erased for good. Idempotent. */
export async function checkCover(
  db: Db,
  viewer: Viewer,
  input: { version: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('versions')
      .select(['upload', 'coveredBy', 'coverChecked', 'state'])
      .where('id', '=', input.version)
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (!row || row.state === 'purged' || row.coveredBy === null) throw missing()
    if (viewer.account === null || viewer.account === row.coveredBy) {
      throw new Refusal('forbidden', 'media.cover.own')
    }
    if (row.coverChecked !== null) return
    await trx.updateTable('versions').set({ coverChecked: now }).where('id', '=', input.version).execute()
    await addJob(trx, 'cover.checked', { upload: row.upload })
  })
}

/** Says which organisation answers for what was sent for a surface while none did: how long originals are kept is its to say. For a room that has proven that it may. */
export async function answerForUploads(
  trx: Trx,
  { surface, organisation }: { surface: string; organisation: string },
): Promise<void> {
  await trx
    .updateTable('uploads')
    .set({ organisation })
    .where('surface', '=', surface)
    .where('organisation', 'is distinct from', organisation)
    .execute()
}

/** Takes a picture away from what it is on: it can be read no more from this moment, its files and its original go after. Idempotent. */
export async function takeAwayVersion(
  db: Db,
  viewer: Viewer,
  input: TakeAwayInput,
  now: Date,
): Promise<{ surface: string }> {
  return inTransaction(db, async (trx) => {
    const row = await locked(trx, viewer, input, now)
    if (row.state !== 'purged') await dropUploads(trx, [row.upload])
    return { surface: row.surface }
  })
}

/** Ends every picture of a surface that goes for good. For the room that owns the surface, in its own transaction. Idempotent. */
export async function dropSurface(trx: Trx, surface: string): Promise<void> {
  const uploads = await trx.selectFrom('uploads').select('id').where('surface', '=', surface).execute()
  await dropUploads(
    trx,
    uploads.map((row) => row.id),
  )
}

async function dropUploads(trx: Trx, uploads: readonly string[]): Promise<void> {
  if (uploads.length === 0) return
  await trx.updateTable('versions').set({ state: 'purged' }).where('upload', 'in', uploads).execute()
  await trx.updateTable('uploads').set({ state: 'purged' }).where('id', 'in', uploads).execute()
  for (const upload of uploads) await addJob(trx, 'picture.dropped', { upload })
}
