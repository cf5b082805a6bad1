import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { minute } from '#kernel/limits.ts'
import { mostBytes, mostFiles } from '#kernel/pictures.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { uploadEnds, type Upload } from '#media/picture.ts'
import { mayUpload, type Pass } from '#media/server/pass.ts'
import { placeInOrder } from '#media/server/writes/place-in-order.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { kindOf } from '#platform/server/images/look-at.ts'
import { addJob } from '#platform/server/queue.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { fingerprint, hasRoom, newPart, takeOver } from '#platform/server/receiving.ts'
import { newKey, type Store } from '#platform/server/storage.ts'
import { hashToken, newToken } from '#platform/server/tokens.ts'

/** Where what comes is kept: at first in a folder of this machine, when it is whole in the store. */
export type Receiver = { store: Store; folder: string }

/** How long somebody who writes to an upload may be silent before another may go on, milliseconds. */
const lease = minute / 2

const lockSurface = (trx: Trx, surface: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`pictures ${surface}`}, 0))`.execute(trx)

async function checkCount(trx: Trx, surface: string): Promise<void> {
  const { count } = await trx
    .selectFrom('uploads')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('surface', '=', surface)
    .where('state', 'in', ['receiving', 'received', 'made'])
    .executeTakeFirstOrThrow()
  if (count >= mostFiles) throw new Refusal('invalid', 'media.wrong.count', { most: mostFiles })
}

/** Answers what a pass is for, and counts one more by its surface and by the address it comes from; refuses above 200 and 600 an hour. */
export async function checkPass(db: Db, input: { pass: string; client: string }, now: Date): Promise<Pass> {
  const pass = mayUpload(input.pass, now)
  await countOrRefuse(
    db,
    [
      { name: 'picture of a surface', of: pass.surface, most: 200, minutes: 60 },
      { name: 'picture from an address', of: input.client, most: 600, minutes: 60 },
    ],
    now,
  )
  return pass
}

/** Makes room for one file whose size is known, and answers the word of its address. Refuses what is too large, too many or too often. */
export async function beginUpload(
  db: Db,
  to: Receiver,
  input: { pass: string; client: string; bytes: number },
  now: Date,
): Promise<{ word: string; ends: Date }> {
  const pass = await checkPass(db, input, now)
  checkBytes(input.bytes)
  if (!(await hasRoom(to.folder, input.bytes))) throw new Refusal('conflict', 'media.full')
  const { token, hash } = newToken()
  await inTransaction(db, async (trx) => {
    await lockSurface(trx, pass.surface)
    await checkCount(trx, pass.surface)
    const row = { ...pass, word: hash, bytes: input.bytes, part: newPart(), created: now, updated: now }
    await trx.insertInto('uploads').values(row).execute()
  })
  return { word: token, ends: uploadEnds(now) }
}

/** Refuses a size that is none, or larger than what is taken. */
export function checkBytes(bytes: number): void {
  if (bytes < 1) throw new Refusal('invalid', 'media.wrong.cut')
  if (bytes > mostBytes) throw new Refusal('invalid', 'media.wrong.bytes', { most: mostBytes / 1024 / 1024 })
}

/** What somebody holds who writes to an upload; nobody else writes meanwhile. */
export type Writing = { id: string; writer: string; path: string; bytes: number; from: number }

/** Lets somebody go on from a place; answers "offset" when it is another one, "locked" while somebody else writes. */
export async function beginWriting(
  db: Db,
  to: Receiver,
  input: { word: string; offset: number },
  now: Date,
): Promise<Writing | 'offset' | 'locked'> {
  return inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('uploads')
      .select(['id', 'bytes', 'received', 'part', 'writer', 'writerUntil', 'state', 'updated'])
      .where('word', '=', hashToken(input.word))
      .forUpdate()
      .executeTakeFirst()
    if (!row || row.state === 'purged' || (row.state === 'receiving' && uploadEnds(row.updated) <= now)) {
      throw missing()
    }
    if (row.state !== 'receiving' || row.received !== input.offset || row.part === null) return 'offset'
    if (row.writerUntil !== null && row.writerUntil > now) return 'locked'
    const part = row.writer === null ? row.part : await takeOver(to.folder, row.part)
    const writer = randomUUID()
    const until = new Date(now.getTime() + lease)
    await trx
      .updateTable('uploads')
      .set({ part, writer, writerUntil: until })
      .where('id', '=', row.id)
      .execute()
    return { id: row.id, writer, path: join(to.folder, part), bytes: row.bytes, from: row.received }
  })
}

/** Acknowledges bytes that are on the disk for certain, and keeps the others out a while longer; throws when somebody else was let in. */
export async function keepWriting(
  db: Db,
  writing: Writing,
  input: { received: number },
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + lease)
  const done = await db
    .updateTable('uploads')
    .set({ received: input.received, updated: now, writerUntil: until })
    .where('id', '=', writing.id)
    .where('writer', '=', writing.writer)
    .where('state', '=', 'receiving')
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new Refusal('conflict', 'media.not-yours')
}

/** Lets go of an upload that is not whole yet, with what is on the disk for certain acknowledged. */
export async function endWriting(
  db: Db,
  writing: Writing,
  input: { received: number },
  now: Date,
): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ received: input.received, updated: now, writer: null, writerUntil: null })
    .where('id', '=', writing.id)
    .where('writer', '=', writing.writer)
    .where('state', '=', 'receiving')
    .execute()
}

/** Takes in an upload that has come whole: stores it and has a picture made of it, or keeps and answers why not. Acknowledged only when it is stored; what is on this surface already is not kept twice. */
export async function finishUpload(
  db: Db,
  to: Receiver,
  writing: Writing,
  now: Date,
): Promise<Refusal | null> {
  const { path, id, writer } = writing
  const refusal = await keepWhole(db, to, { path, id, writer }, now)
  await rm(path, { force: true })
  return refusal
}

/** Takes in a file that came whole by a form. Answers whether it is kept or was refused, and why. */
export async function takeFile(
  db: Db,
  to: Receiver,
  input: { pass: Pass; path: string; bytes: number },
  now: Date,
): Promise<Refusal | null> {
  try {
    const row = { ...input.pass, bytes: input.bytes, created: now, updated: now }
    const upload = await inTransaction(db, async (trx) => {
      await lockSurface(trx, input.pass.surface)
      await checkCount(trx, input.pass.surface)
      return trx.insertInto('uploads').values(row).returning('id').executeTakeFirstOrThrow()
    })
    return await keepWhole(db, to, { path: input.path, id: upload.id, writer: null }, now)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  } finally {
    await rm(input.path, { force: true })
  }
}

type Whole = { path: string; id: string; writer: string | null }

function kindProblem(start: Buffer): Refusal | null {
  try {
    kindOf(start)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

async function keepWhole(db: Db, to: Receiver, whole: Whole, now: Date): Promise<Refusal | null> {
  const { sha256, start } = await fingerprint(whole.path)
  const problem = kindProblem(start)
  if (problem) {
    await settle(db, whole, { state: 'refused', problem: problemOf(problem), updated: now })
    return problem
  }
  const original = newKey()
  await to.store.putFile('originals', original, whole.path)
  const kept = await inTransaction(db, (trx) => keepInRow(trx, whole, { original, sha256 }, now))
  if (!kept) await to.store.delete('originals', original)
  return null
}

/** Answers a "no" as it is kept. */
export const problemOf = (refusal: Refusal): string =>
  JSON.stringify({ key: refusal.key, params: refusal.params })

type Settled = { state: Upload['state']; updated: Date; problem?: string; original?: string; sha256?: Buffer }

async function settle(db: Db, whole: Whole, to: Settled): Promise<boolean> {
  const done = await db
    .updateTable('uploads')
    .set({ ...to, received: sql`bytes`, part: null, writer: null, writerUntil: null })
    .where('id', '=', whole.id)
    .where('state', '=', 'receiving')
    .where('writer', 'is not distinct from', whole.writer)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

async function keepInRow(
  trx: Trx,
  whole: Whole,
  stored: { original: string; sha256: Buffer },
  now: Date,
): Promise<boolean> {
  const { surface } = await trx
    .selectFrom('uploads')
    .select('surface')
    .where('id', '=', whole.id)
    .executeTakeFirstOrThrow()
  await lockSurface(trx, surface)
  const twice = await trx
    .selectFrom('uploads')
    .select('id')
    .where('surface', '=', surface)
    .where('sha256', '=', stored.sha256)
    .where('state', 'in', ['received', 'made'])
    .executeTakeFirst()
  if (twice) {
    await settle(trx, whole, { state: 'purged', updated: now })
    return false
  }
  const settled = await settle(trx, whole, { state: 'received', ...stored, updated: now })
  if (!settled) return false
  const position = await placeInOrder(trx, surface, whole.id)
  const version = await trx
    .insertInto('versions')
    .values({ upload: whole.id, surface, position, created: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addJob(trx, 'picture.received', { version: version.id }, { queue: 'pictures', priority: -10 })
  return true
}

/** Gives up an upload that is not whole yet. Idempotent; what came whole is taken away from the page that shows it. */
export async function giveUpUpload(
  db: Db,
  to: Receiver,
  input: { word: string },
  now: Date,
): Promise<boolean> {
  const row = await db
    .updateTable('uploads')
    .set({ state: 'purged', updated: now, writer: null, writerUntil: null })
    .where('word', '=', hashToken(input.word))
    .where('state', '=', 'receiving')
    .returning('part')
    .executeTakeFirst()
  if (!row) return false
  if (row.part !== null) await rm(join(to.folder, row.part), { force: true })
  return true
}
