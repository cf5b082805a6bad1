import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll } from 'vitest'
import type { NewVersion, Watch } from '#media/server/tasks/make.ts'
import { makeAvif, makePicture } from '#media/server/tasks/make.ts'
import { takeFile } from '#media/server/writes/receive.ts'
import type { Db } from '#platform/server/db.ts'
import { openMaker } from '#platform/server/images.ts'
import type { JobPayload } from '#platform/server/queue.ts'
import type { Space } from '#platform/server/storage.ts'
import { fileStore } from '#platform/server/storage-files.ts'

export const now = new Date('2026-11-26T12:00:00Z')

/** Everything that pictures need of the outside, in a folder of this test file; `watch` is told of each version as well. */
export function openWorkshop(db: Db, watch: Watch = async () => undefined) {
  const root = mkdtempSync(join(tmpdir(), 'abe-workshop-'))
  const folders = { receiving: join(root, 'receiving'), making: join(root, 'making') }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const store = fileStore(join(root, 'store'))
  const maker = openMaker(folders.making, false)
  const shop = { store, maker, folder: folders.making }
  const seen: NewVersion[] = []
  afterAll(() => {
    maker.stop()
    rmSync(root, { recursive: true, force: true })
  })
  const make = makePicture(shop, async (trx, version, at) => {
    seen.push(version)
    await watch(trx, version, at)
  })
  const avif = makeAvif(shop)

  /** Sends a picture as a form does; answers its version, which waits. */
  const send = async (
    bytes: Buffer,
    over: { surface?: string; account?: string | null; organisation?: string | null } = {},
  ) => {
    const pass = { surface: randomUUID(), account: null, organisation: null, ...over }
    const path = join(folders.receiving, randomUUID())
    writeFileSync(path, bytes)
    const refusal = await takeFile(
      db,
      { store, folder: folders.receiving },
      { pass, path, bytes: bytes.length },
      now,
    )
    if (refusal) throw refusal
    const version = await db
      .selectFrom('versions')
      .select(['id', 'upload'])
      .where('surface', '=', pass.surface)
      .orderBy('position', 'desc')
      .executeTakeFirstOrThrow()
    return { version: version.id, upload: version.upload, surface: pass.surface }
  }

  /** Sends a picture and makes all of it. */
  const sendAndMake = async (bytes: Buffer, over: Parameters<typeof send>[1] = {}) => {
    const sent = await send(bytes, over)
    await make(db, { version: sent.version }, now)
    await avif(db, { version: sent.version }, now)
    return sent
  }

  const keys = async (space: Space): Promise<string[]> => {
    const all: string[] = []
    for await (const one of store.list(space)) all.push(one.key)
    return all
  }
  return { root, folders, store, maker, shop, seen, make, avif, send, sendAndMake, keys }
}

/** Answers the jobs of a name that wait, and takes them out. */
export async function takeJobs(db: Db, name: string): Promise<JobPayload[]> {
  const { rows } = await sql<{ id: string; payload: JobPayload }>`
    select j.id, p.payload from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id
    where j.task_identifier = ${name} order by j.id`.execute(db)
  const ids = rows.map((row) => row.id)
  if (ids.length > 0) await sql`select graphile_worker.complete_jobs(${ids}::bigint[])`.execute(db)
  return rows.map((row) => row.payload)
}
