import { sql } from 'kysely'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { day } from '#kernel/limits.ts'
import { restDays } from '#media/picture.ts'
import type { Db } from '#platform/server/db.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { removeOld } from '#platform/server/receiving.ts'
import type { Space, Store } from '#platform/server/storage.ts'

/** Answers whether something on a surface must be kept although it goes: it is held for somebody's safety. */
export type Held = (db: Db, surface: string, now: Date) => Promise<boolean>

/** How many pictures one run by the clock looks at. */
const atOnce = 500

/** Deletes the files of a version, and only then the rows that name them. Run twice, it finds nothing the second time. */
async function eraseRenditions(db: Db, store: Store, version: string): Promise<void> {
  const rows = await db.selectFrom('renditions').select('key').where('version', '=', version).execute()
  for (const { key } of rows) {
    await store.delete('renditions', key)
    await db.deleteFrom('renditions').where('key', '=', key).execute()
  }
}

/** Deletes what was sent, and only then forgets where it lay and what it hashed to. */
async function eraseOriginal(db: Db, store: Store, upload: { id: string; original: string | null }) {
  if (upload.original === null) return
  await store.delete('originals', upload.original)
  await db
    .updateTable('uploads')
    .set({ original: null, sha256: null })
    .where('id', '=', upload.id)
    .where('original', '=', upload.original)
    .execute()
}

/** Makes the task that erases an upload that was refused or taken away: every file of it, then the words about it. What is held stays until it is not. */
export const eraseDropped =
  (store: Store, held: Held): Task =>
  async (db, payload, now) => {
    const upload = await db
      .selectFrom('uploads')
      .select(['id', 'surface', 'original'])
      .where('id', '=', idIn(payload, 'upload'))
      .where('state', 'in', ['refused', 'purged'])
      .executeTakeFirst()
    if (!upload || (await held(db, upload.surface, now))) return
    const versions = await db
      .selectFrom('versions')
      .select('id')
      .where('upload', '=', upload.id)
      .where('state', 'in', ['refused', 'purged'])
      .execute()
    for (const { id } of versions) await eraseRenditions(db, store, id)
    await eraseOriginal(db, store, upload)
    await db
      .updateTable('versions')
      .set({ words: '', caption: '', covers: '[]', capturedDay: null, likeness: null })
      .where('upload', '=', upload.id)
      .where('state', 'in', ['refused', 'purged'])
      .execute()
  }

/** Makes the task that erases the files of a version that a covered one took the place of. */
export const eraseReplaced =
  (store: Store, held: Held): Task =>
  async (db, payload, now) => {
    const version = await db
      .selectFrom('versions')
      .select(['id', 'surface'])
      .where('id', '=', idIn(payload, 'version'))
      .where('state', '=', 'purged')
      .executeTakeFirst()
    if (!version || (await held(db, version.surface, now))) return
    await eraseRenditions(db, store, version.id)
  }

/** Makes the task that erases what was sent, once somebody else has looked at what covers it. */
export const eraseUnderCover =
  (store: Store, held: Held): Task =>
  async (db, payload, now) => {
    const upload = await db
      .selectFrom('uploads as u')
      .select(['u.id', 'u.surface', 'u.original'])
      .where('u.id', '=', idIn(payload, 'upload'))
      .where((of) =>
        of.exists(
          of
            .selectFrom('versions as v')
            .select('v.id')
            .whereRef('v.upload', '=', 'u.id')
            .where('v.coverChecked', 'is not', null),
        ),
      )
      .executeTakeFirst()
    if (!upload || (await held(db, upload.surface, now))) return
    const waiting = await db
      .selectFrom('versions')
      .select('id')
      .where('upload', '=', upload.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst()
    // One that is just being made from it goes first; the clock comes back for this.
    if (!waiting) await eraseOriginal(db, store, upload)
  }

/** Makes the task of the clock that purges originals after the days that the policy in force says (60 without one), and those under covers that were looked at. What is held stays. */
export const purgeOriginals =
  (store: Store, held: Held): Task =>
  async (db, _, now) => {
    const due = await db
      .selectFrom('uploads as u')
      .select(['u.id', 'u.surface', 'u.original'])
      .where('u.original', 'is not', null)
      .where('u.state', '=', 'made')
      .where(
        sql<boolean>`(u.created + make_interval(days => coalesce((
            select (p.rules->>'originals')::int from policies p
            where p.organisation = u.organisation order by p.version desc limit 1), 60)) <= ${now}
          or exists (select from versions c where c.upload = u.id and c.cover_checked is not null)
            and not exists (select from versions w where w.upload = u.id and w.state = 'waiting'))`,
      )
      .orderBy('u.created')
      .limit(atOnce)
      .execute()
    for (const upload of due) {
      if (!(await held(db, upload.surface, now))) await eraseOriginal(db, store, upload)
    }
  }

async function giveUpResting(db: Db, folder: string, now: Date): Promise<void> {
  const rows = await db
    .updateTable('uploads')
    .set({ state: 'purged', writer: null, writerUntil: null })
    .where('state', '=', 'receiving')
    .where('updated', '<', new Date(now.getTime() - restDays * day))
    .returning('part')
    .execute()
  for (const { part } of rows) if (part !== null) await rm(join(folder, part), { force: true })
}

/** Does again what a job should have done: it was held then, or it failed for good. */
async function eraseLeft(db: Db, store: Store, held: Held, now: Date): Promise<void> {
  const uploads = await db
    .selectFrom('uploads as u')
    .select('u.id')
    .where('u.state', 'in', ['refused', 'purged'])
    .where(
      sql<boolean>`(u.original is not null or exists (
        select from versions v join renditions r on r.version = v.id
        where v.upload = u.id and v.state in ('refused', 'purged')))`,
    )
    .limit(atOnce)
    .execute()
  for (const { id } of uploads) await eraseDropped(store, held)(db, { upload: id }, now)
  const versions = await db
    .selectFrom('versions as v')
    .select('v.id')
    .where('v.state', '=', 'purged')
    .where(
      sql<boolean>`exists (select from renditions r where r.version = v.id)
        and not exists (select from versions n where n.source = v.id and n.state = 'waiting')`,
    )
    .limit(atOnce)
    .execute()
  for (const { id } of versions) await eraseReplaced(store, held)(db, { version: id }, now)
}

/** Deletes files of the store that no row names any more; new ones may belong to a transaction that has not ended. */
async function sweepSpace(db: Db, store: Store, space: Space, before: Date): Promise<void> {
  const known = async (keys: string[]): Promise<Set<string>> => {
    if (keys.length === 0) return new Set()
    const rows =
      space === 'originals'
        ? await db.selectFrom('uploads').select('original as key').where('original', 'in', keys).execute()
        : await db.selectFrom('renditions').select('key').where('key', 'in', keys).execute()
    return new Set(rows.flatMap((row) => row.key ?? []))
  }
  let keys: string[] = []
  const clear = async (): Promise<void> => {
    const named = await known(keys)
    for (const key of keys.filter((one) => !named.has(one))) await store.delete(space, key)
    keys = []
  }
  for await (const stored of store.list(space)) {
    if (stored.changed >= before) continue
    keys.push(stored.key)
    if (keys.length >= atOnce) await clear()
  }
  await clear()
}

/** Makes the task of the clock that gives up uploads which rested too long, erases what was left to erase, and deletes files that nothing names. Idempotent. */
export const sweepPictures =
  (store: Store, folders: { receiving: string; making: string }, held: Held): Task =>
  async (db, _, now) => {
    await giveUpResting(db, folders.receiving, now)
    await eraseLeft(db, store, held, now)
    const yesterday = new Date(now.getTime() - day)
    await removeOld(folders.receiving, yesterday, async (names) => {
      if (names.length === 0) return new Set()
      const rows = await db.selectFrom('uploads').select('part').where('part', 'in', names).execute()
      return new Set(rows.flatMap((row) => row.part ?? []))
    })
    await removeOld(folders.making, yesterday, async () => new Set())
    for (const space of ['originals', 'renditions'] as const) await sweepSpace(db, store, space, yesterday)
  }
