import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cover, Format } from '#kernel/pictures.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { VersionState } from '#media/picture.ts'
import { problemOf } from '#media/server/writes/receive.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import type { Maker } from '#platform/server/images.ts'
import type { Made, MadePicture } from '#platform/server/images/making.ts'
import { addJob, idIn, type Task } from '#platform/server/queue.ts'
import { newKey, type Space, type Store } from '#platform/server/storage.ts'

/** A version that can be read from now on: what whoever decides about showing it needs to know. */
export type NewVersion = {
  version: string
  surface: string
  source: string | null
  /** Whoever covered it, else whoever sent it: an account's id or "link:…"; null: whoever held the page. */
  maker: string | null
  organisation: string | null
  /** Of what was sent; null when the original is gone. */
  sha256: Buffer | null
  /** 64 bits, "0" and "1", that pictures which look alike share most of. Of the picture, not of a face. */
  likeness: string
}

/** Told of every new version, in the very transaction in which it comes to be: what throws here undoes it. */
export type Watch = (trx: Trx, version: NewVersion, now: Date) => Promise<void>

/** What making needs of the outside. */
export type Workshop = { store: Store; maker: Maker; folder: string }

type Wanted = {
  id: string
  surface: string
  source: string | null
  covers: Cover[]
  state: string
  upload: string
  original: string | null
}

async function wantedBy(db: Db, version: string): Promise<Wanted | null> {
  const row = await db
    .selectFrom('versions as v')
    .innerJoin('uploads as u', 'u.id', 'v.upload')
    .select(['v.id', 'v.surface', 'v.source', 'v.covers', 'v.state', 'v.upload', 'u.original'])
    .where('v.id', '=', version)
    .executeTakeFirst()
  return row ? { ...row, covers: row.covers as Cover[] } : null
}

/** Brings what a version is made of: what was sent, else the largest picture of the version that this one takes the place of (or its own). */
async function bringSource(db: Db, shop: Workshop, wanted: Wanted, to: string): Promise<void> {
  const bring = async (space: Space, key: string): Promise<void> => {
    // Perhaps the store is another one than it should be; nothing is refused because of that.
    if (!(await shop.store.fetchTo(space, key, to))) throw new Error('a file is not in the store')
  }
  if (wanted.original !== null) return bring('originals', wanted.original)
  const largest = await db
    .selectFrom('renditions')
    .select('key')
    .where('version', '=', wanted.state === 'visible' ? wanted.id : (wanted.source ?? wanted.id))
    .where('format', '=', 'jpg')
    .orderBy('width', 'desc')
    .executeTakeFirst()
  if (!largest) throw new Refusal('invalid', 'media.wrong.broken')
  return bring('renditions', largest.key)
}

async function inFolder<Result>(shop: Workshop, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(shop.folder, 'one-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Kept = Omit<Made, 'path'> & { key: string }

async function store(shop: Workshop, made: readonly Made[]): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const { path, ...one } of made) {
    const key = newKey()
    await shop.store.putFile('renditions', key, path)
    kept.push({ ...one, key })
  }
  return kept
}

/** Makes files of a version and, when `keep` agrees in its transaction, leaves them in the store; takes them out again when it does not. */
async function makeAndKeep(
  db: Db,
  shop: Workshop,
  wanted: Wanted & { formats: readonly Format[] },
  keep: (trx: Trx, picture: MadePicture, kept: Kept[]) => Promise<boolean>,
): Promise<void> {
  await inFolder(shop, async (folder) => {
    const path = join(folder, 'source')
    await bringSource(db, shop, wanted, path)
    const { covers, formats } = wanted
    const picture = await shop.maker.make({ path, covers, formats, folder })
    const kept = await store(shop, picture.made)
    let done = false
    try {
      done = await inTransaction(db, (trx) => keep(trx, picture, kept))
    } finally {
      if (!done) for (const { key } of kept) await shop.store.delete('renditions', key)
    }
  })
}

async function insertRenditions(trx: Trx, version: string, kept: readonly Kept[]): Promise<void> {
  await trx
    .insertInto('renditions')
    .values(kept.map((one) => ({ ...one, version })))
    .execute()
}

/** Locks a version that is still in a state; null when it is not in it any more. */
async function still(trx: Trx, version: string, state: VersionState) {
  const row = await trx
    .selectFrom('versions as v')
    .innerJoin('uploads as u', 'u.id', 'v.upload')
    .select(['v.id', 'v.coveredBy', 'v.surface', 'v.source', 'u.account', 'u.organisation', 'u.sha256'])
    .where('v.id', '=', version)
    .where('v.state', '=', state)
    .where('u.state', 'in', ['received', 'made'])
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ?? null
}

async function makeVisible(
  trx: Trx,
  input: { wanted: Wanted; picture: MadePicture; kept: Kept[]; watch: Watch },
  now: Date,
): Promise<boolean> {
  const { wanted, picture, kept, watch } = input
  const row = await still(trx, wanted.id, 'waiting')
  if (!row) return false
  const { width, height, day, likeness, type } = picture
  await trx
    .updateTable('versions')
    .set({ state: 'visible', width, height, capturedDay: wanted.original === null ? null : day, likeness })
    .where('id', '=', wanted.id)
    .execute()
  await insertRenditions(trx, wanted.id, kept)
  const sent = wanted.original === null ? {} : { type }
  await trx
    .updateTable('uploads')
    .set({ ...sent, state: 'made', updated: now })
    .where('id', '=', wanted.upload)
    .execute()
  await addJob(trx, 'picture.visible', { version: wanted.id }, { queue: 'avif', priority: 10 })
  if (wanted.source !== null) await addJob(trx, 'picture.replaced', { version: wanted.source })
  const { surface, source, organisation, sha256 } = row
  const maker = row.coveredBy ?? row.account
  await watch(trx, { version: wanted.id, surface, source, maker, organisation, sha256, likeness }, now)
  return true
}

async function refuse(db: Db, wanted: Wanted, refusal: Refusal, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    if (!(await still(trx, wanted.id, 'waiting'))) return
    await trx.updateTable('versions').set({ state: 'refused' }).where('id', '=', wanted.id).execute()
    await trx
      .updateTable('uploads')
      .set({ state: 'refused', problem: problemOf(refusal), updated: now })
      .where('id', '=', wanted.upload)
      .execute()
    await addJob(trx, 'picture.dropped', { upload: wanted.upload })
  })
}

/** Makes the task that makes a waiting version's WebP and JPEG, from which moment it may be asked for; what cannot be read whole is refused with the reason, and erased. */
export const makePicture =
  (shop: Workshop, watch: Watch): Task =>
  async (db, payload, now) => {
    const wanted = await wantedBy(db, idIn(payload, 'version'))
    if (!wanted || wanted.state !== 'waiting') return
    try {
      await makeAndKeep(db, shop, { ...wanted, formats: ['webp', 'jpg'] }, (trx, picture, kept) =>
        makeVisible(trx, { wanted, picture, kept, watch }, now),
      )
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await refuse(db, wanted, error, now)
    }
  }

/** Makes the task that adds AVIF to a version that is visible. */
export const makeAvif =
  (shop: Workshop): Task =>
  async (db, payload) => {
    const wanted = await wantedBy(db, idIn(payload, 'version'))
    if (!wanted || wanted.state !== 'visible') return
    await makeAndKeep(db, shop, { ...wanted, formats: ['avif'] }, async (trx, _, kept) => {
      if (!(await still(trx, wanted.id, 'visible'))) return false
      await insertRenditions(trx, wanted.id, kept)
      await trx.updateTable('versions').set({ state: 'made' }).where('id', '=', wanted.id).execute()
      return true
    })
  }
