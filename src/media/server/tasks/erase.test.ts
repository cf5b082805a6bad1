import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { day } from '#kernel/limits.ts'
import { anybody } from '#kernel/viewer.ts'
import { uploadPass } from '#media/server/pass.ts'
import { renditionOf, versionOf } from '#media/server/reads.ts'
import { eraseDropped, purgeOriginals, sweepPictures } from '#media/server/tasks/erase.ts'
import { uploadAt } from '#media/server/reads.ts'
import { beginUpload } from '#media/server/writes/receive.ts'
import { describeVersion, dropSurface, takeAwayVersion } from '#media/server/writes/versions.ts'
import { inTransaction } from '#platform/server/db.ts'
import { newKey, type Store } from '#platform/server/storage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeOrganisation } from '../../../../test/organisations.ts'
import { another } from '../../../../test/pictures/files.ts'
import { now, openWorkshop, takeJobs } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const { sendAndMake, send, make, store, keys, folders } = openWorkshop(db)
const free = async (): Promise<boolean> => false
const later = (days: number): Date => new Date(now.getTime() + days * day)

const rowOf = (upload: string) =>
  db
    .selectFrom('uploads')
    .select(['original', 'sha256', 'state'])
    .where('id', '=', upload)
    .executeTakeFirstOrThrow()
const renditionsOf = (version: string) =>
  db.selectFrom('renditions').select('key').where('version', '=', version).execute()
/** A store in which deleting fails so many times. */
const stubborn = (times: number): Store => {
  let left = times
  return {
    ...store,
    delete: async (space, key) => {
      if (left-- > 0) throw new Error('the store is away')
      await store.delete(space, key)
    },
  }
}

describe('a picture that is taken away', () => {
  test('can be read no more from that moment, and its files, its original and its words go after', async () => {
    const { version, upload, surface } = await sendAndMake(await another())
    const pass = uploadPass(surface, null, null, now)
    await describeVersion(
      db,
      anybody,
      { version, pass, words: 'Sam laughs', decoration: false, caption: null, revision: 1 },
      now,
    )
    const width = (await versionOf(db, version))?.widths[0] ?? 0
    expect(await renditionOf(db, version, { width, format: 'webp' })).not.toBeNull()
    await takeAwayVersion(db, anybody, { version, pass }, now)
    expect(await renditionOf(db, version, { width, format: 'webp' })).toBeNull()
    expect(await takeJobs(db, 'picture.dropped')).toEqual([{ upload }])
    const files = (await renditionsOf(version)).map((row) => row.key)
    expect(files.length).toBeGreaterThan(0)
    await eraseDropped(store, free)(db, { upload }, now)
    await eraseDropped(store, free)(db, { upload }, now)
    expect(await rowOf(upload)).toEqual({ original: null, sha256: null, state: 'purged' })
    expect(await renditionsOf(version)).toEqual([])
    expect((await keys('renditions')).filter((key) => files.includes(key))).toEqual([])
    expect(await versionOf(db, version)).toMatchObject({ words: '', state: 'purged' })
  })

  test('loses its rows only after its files, however often that fails', async () => {
    const { version, upload, surface } = await sendAndMake(await another())
    await inTransaction(db, (trx) => dropSurface(trx, surface))
    const count = (await renditionsOf(version)).length
    for (let times = 1; times <= 2; times += 1) {
      await expect(eraseDropped(stubborn(1), free)(db, { upload }, now)).rejects.toThrow('away')
      expect((await renditionsOf(version)).length).toBe(count)
    }
    await eraseDropped(store, free)(db, { upload }, now)
    expect(await renditionsOf(version)).toEqual([])
  })

  test('is kept while it is held for the sake of somebody, and goes when it is not', async () => {
    const { version, upload, surface } = await sendAndMake(await another())
    await inTransaction(db, (trx) => dropSurface(trx, surface))
    await eraseDropped(store, async (_, asked) => asked === surface)(db, { upload }, now)
    expect((await rowOf(upload)).original).not.toBeNull()
    expect((await renditionsOf(version)).length).toBeGreaterThan(0)
    await sweepPictures(store, folders, async (_, asked) => asked === surface)(db, {}, now)
    expect((await rowOf(upload)).original).not.toBeNull()
    await sweepPictures(store, folders, free)(db, {}, now)
    expect((await rowOf(upload)).original).toBeNull()
    expect(await renditionsOf(version)).toEqual([])
  })
})

describe('originals', () => {
  test('go after sixty days, or after the days that the policy in force says; what is served stays', async () => {
    const organisation = await makeOrganisation(db)
    const rules = (originals: number): string => JSON.stringify({ originals })
    await db
      .insertInto('policies')
      .values([
        { organisation: organisation.id, version: 1, rules: rules(90) },
        { organisation: organisation.id, version: 2, rules: rules(7) },
      ])
      .execute()
    const usual = await sendAndMake(await another())
    const strict = await sendAndMake(await another(), { organisation: organisation.id })
    const waiting = await send(await another())
    const has = async (sent: { upload: string }) => (await rowOf(sent.upload)).original !== null
    await purgeOriginals(store, free)(db, {}, later(6.9))
    expect([await has(usual), await has(strict)]).toEqual([true, true])
    await purgeOriginals(store, free)(db, {}, later(7))
    expect([await has(usual), await has(strict)]).toEqual([true, false])
    await purgeOriginals(store, async (_, asked) => asked === usual.surface)(db, {}, later(61))
    expect(await has(usual)).toBe(true)
    await purgeOriginals(store, free)(db, {}, later(60))
    expect([await has(usual), await has(waiting)]).toEqual([false, true])
    expect((await rowOf(usual.upload)).sha256).toBeNull()
    expect(await versionOf(db, usual.version)).toMatchObject({ state: 'made' })
    expect((await renditionsOf(usual.version)).length).toBeGreaterThan(0)
  })
})

describe('what was begun and left', () => {
  test('an upload that rests for five days is given up, with its file', async () => {
    const to = { store, folder: folders.receiving }
    const pass = uploadPass(randomUUID(), null, null, now)
    const { word } = await beginUpload(db, to, { pass, client: '192.0.2.9', bytes: 100 }, now)
    const part =
      (await db.selectFrom('uploads').select('part').where('part', 'is not', null).executeTakeFirstOrThrow())
        .part ?? ''
    writeFileSync(join(folders.receiving, part), 'half of it')
    await sweepPictures(store, folders, free)(db, {}, later(4.9))
    expect((await uploadAt(db, word, later(4.9)))?.received).toBe(0)
    expect(await uploadAt(db, word, later(5))).toBeNull()
    await sweepPictures(store, folders, free)(db, {}, later(5.1))
    expect(readdirSync(folders.receiving)).not.toContain(part)
    expect(await uploadAt(db, word, now)).toBeNull()
  })

  test('files that nothing names go after a day; all others stay', async () => {
    const { version, upload } = await sendAndMake(await another())
    const [lost, path] = [newKey(), join(folders.receiving, 'x'.repeat(32))]
    writeFileSync(path, 'lost')
    await store.putFile('renditions', lost, path)
    await store.putFile('originals', lost, path)
    mkdirSync(join(folders.making, 'one-lost'))
    const before = { renditions: await keys('renditions'), originals: await keys('originals') }
    await sweepPictures(store, folders, free)(db, {}, new Date())
    expect({ renditions: await keys('renditions'), originals: await keys('originals') }).toEqual(before)
    utimesSync(path, new Date(0), new Date(0))
    const tomorrow = new Date(Date.now() + 1.1 * day)
    await sweepPictures(store, folders, free)(db, {}, tomorrow)
    await sweepPictures(store, folders, free)(db, {}, tomorrow)
    expect(await keys('renditions')).toEqual(before.renditions.filter((key) => key !== lost))
    expect(await keys('originals')).toEqual(before.originals.filter((key) => key !== lost))
    expect(readdirSync(folders.making)).toEqual([])
    expect(readdirSync(folders.receiving)).toEqual([])
    expect((await renditionsOf(version)).length).toBeGreaterThan(0)
    expect((await rowOf(upload)).original).not.toBeNull()
  })
})

test('rows of renditions are never made for a version that went', async () => {
  const { version, surface } = await send(await another())
  await inTransaction(db, (trx) => dropSurface(trx, surface))
  await make(db, { version }, now)
  expect(await renditionsOf(version)).toEqual([])
})
