import { createHash, randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { anybody } from '#kernel/viewer.ts'
import { uploadPass } from '#media/server/pass.ts'
import { renditionOf, uploadsOn, versionOf, versionsOn } from '#media/server/reads.ts'
import { eraseDropped } from '#media/server/tasks/erase.ts'
import { makePicture } from '#media/server/tasks/make.ts'
import { takeAwayVersion } from '#media/server/writes/versions.ts'
import { testDatabase } from '../../../../test/db.ts'
import { exif } from '../../../../test/pictures/exif.ts'
import * as files from '../../../../test/pictures/files.ts'
import { now, openWorkshop, takeJobs } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const workshop = openWorkshop(db)
const { make, avif, send, seen, store, keys } = workshop
const jpeg = async (quality = 80): Promise<Buffer> =>
  files.fourSquares(1400, 1000).jpeg({ quality }).toBuffer()
let quality = 60
/** A picture that nobody sent before. */
const another = (): Promise<Buffer> => jpeg((quality += 1))

const renditions = (version: string) =>
  db
    .selectFrom('renditions')
    .select(['width', 'height', 'format', 'key', 'bytes'])
    .where('version', '=', version)
    .orderBy('width')
    .orderBy('format')
    .execute()

describe('a picture that came', () => {
  test('waits, is visible with WebP and JPEG, and is made with AVIF', async () => {
    const bytes = await another()
    const { version, surface } = await send(bytes)
    expect(await versionOf(db, version)).toMatchObject({ state: 'waiting', widths: [], width: null })
    expect(await renditionOf(db, version, { width: 320, format: 'webp' })).toBeNull()
    await make(db, { version }, now)
    expect(await versionsOn(db, surface)).toMatchObject([
      { id: version, state: 'visible', widths: [320, 640, 1280, 1400], width: 1400, height: 1000 },
    ])
    expect((await renditions(version)).map((row) => row.format)).toEqual(
      Array.from({ length: 4 }, () => ['jpg', 'webp']).flat(),
    )
    expect(await renditionOf(db, version, { width: 320, format: 'avif' })).toBeNull()
    await avif(db, { version }, now)
    expect((await versionOf(db, version))?.state).toBe('made')
    const found = await renditionOf(db, version, { width: 640, format: 'avif' })
    expect(found).toMatchObject({ width: 640, height: 457, format: 'avif' })
    const file = await store.get('renditions', found?.key ?? '')
    const made = await sharp(file ? await buffer(file.body) : undefined).metadata()
    expect([made.format, made.width, found?.bytes]).toEqual(['heif', 640, file?.bytes])
  })

  test('is told of once, in the transaction that makes it visible, with what tells it again', async () => {
    const [bytes, account] = [
      await another(),
      (
        await db
          .insertInto('accounts')
          .values({ name: 'Jo', email: 'jo@example.org' })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id,
    ]
    const { version, surface } = await send(bytes, { account })
    seen.length = 0
    await make(db, { version }, now)
    await make(db, { version }, now)
    expect(seen).toEqual([
      {
        version,
        surface,
        source: null,
        maker: account,
        organisation: null,
        sha256: createHash('sha256').update(bytes).digest(),
        likeness: expect.stringMatching(/^[01]{64}$/),
      },
    ])
  })

  test('is not visible when whoever is told of it cannot take note, and leaves nothing behind', async () => {
    const { version } = await send(await another())
    const before = await keys('renditions')
    const failing = makePicture(workshop.shop, async () => {
      throw new Error('not noted')
    })
    await expect(failing(db, { version }, now)).rejects.toThrow('not noted')
    expect((await versionOf(db, version))?.state).toBe('waiting')
    expect(await renditions(version)).toEqual([])
    expect(await keys('renditions')).toEqual(before)
    await make(db, { version }, now)
    expect((await versionOf(db, version))?.state).toBe('visible')
  })

  test('is made once when its job runs twice at once', async () => {
    const { version } = await send(await another())
    const before = (await keys('renditions')).length
    await Promise.all([make(db, { version }, now), make(db, { version }, now)])
    await Promise.all([avif(db, { version }, now), avif(db, { version }, now)])
    expect(await renditions(version)).toHaveLength(12)
    expect((await keys('renditions')).length).toBe(before + 12)
  })

  test('that is taken away while it is made stays away', async () => {
    const { version, upload, surface } = await send(await another())
    const before = await keys('renditions')
    const taking = makePicture(
      {
        ...workshop.shop,
        maker: {
          ...workshop.maker,
          make: async (making) => {
            const made = await workshop.maker.make(making)
            await takeAwayVersion(db, anybody, { version, pass: uploadPass(surface, null, null, now) }, now)
            return made
          },
        },
      },
      async () => undefined,
    )
    await taking(db, { version }, now)
    expect(await versionsOn(db, surface)).toEqual([])
    expect(await keys('renditions')).toEqual(before)
    expect(await takeJobs(db, 'picture.dropped')).toContainEqual({ upload })
  })

  test('keeps the day it was taken to itself', async () => {
    const file = files.withSegments(
      await another(),
      files.exifSegment(exif({ taken: '2026:10:20 11:12:13' })),
    )
    const { version } = await send(file)
    await make(db, { version }, now)
    const row = await db
      .selectFrom('versions')
      .select('capturedDay')
      .where('id', '=', version)
      .executeTakeFirst()
    expect(row).toEqual({ capturedDay: '2026-10-20' })
    expect(JSON.stringify(await versionOf(db, version))).not.toContain('2026-10-20')
  })

  test('keeps nothing of a file in the store when the store has lost it, and is tried again', async () => {
    const { version, upload } = await send(await another())
    const { original } = await db
      .selectFrom('uploads')
      .select('original')
      .where('id', '=', upload)
      .executeTakeFirstOrThrow()
    await store.delete('originals', original ?? '')
    await expect(make(db, { version }, now)).rejects.toThrow('not in the store')
    expect((await versionOf(db, version))?.state).toBe('waiting')
  })
})

describe('a picture that cannot be read', () => {
  test('is refused with the reason for whoever sent it, and erased', async () => {
    const bytes = (await another()).subarray(0, -3000)
    const surface = randomUUID()
    const { version, upload } = await send(bytes, { surface })
    const originals = await keys('originals')
    await make(db, { version }, now)
    expect(await versionOf(db, version)).toMatchObject({ state: 'refused', widths: [] })
    const pass = uploadPass(surface, null, null, now)
    const [told] = await uploadsOn(db, anybody, { surface, pass }, now)
    expect(told).toMatchObject({ state: 'refused', problem: { key: 'media.wrong.cut' }, bytes: bytes.length })
    expect(await takeJobs(db, 'picture.dropped')).toContainEqual({ upload })
    await eraseDropped(store, async () => false)(db, { upload }, now)
    expect(await keys('originals')).toHaveLength(originals.length - 1)
  })

  test('above 100 megapixels is refused with the number', async () => {
    const bytes = Buffer.from(await another())
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc2])) >= 0 ? 0xc2 : 0xc0
    const at = bytes.indexOf(Buffer.from([0xff, frame]))
    bytes.writeUInt16BE(12_000, at + 5)
    bytes.writeUInt16BE(16_000, at + 7)
    const { version, surface } = await send(bytes)
    await make(db, { version }, now)
    const [told] = await uploadsOn(db, anybody, { surface, pass: uploadPass(surface, null, null, now) }, now)
    expect(told?.problem).toEqual({ key: 'media.wrong.pixels', params: { megapixels: 192, most: 100 } })
  })
})
