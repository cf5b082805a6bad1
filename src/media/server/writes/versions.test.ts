import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { Cover } from '#kernel/pictures.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { coverInput, coversOfSquares } from '#media/covering.ts'
import { isDescribed } from '#media/picture.ts'
import { uploadPass } from '#media/server/pass.ts'
import { renditionOf, uploadsOn, versionOf, versionsOn } from '#media/server/reads.ts'
import { eraseReplaced, eraseUnderCover, purgeOriginals } from '#media/server/tasks/erase.ts'
import { checkCover, coverVersion, describeVersion, orderVersions } from '#media/server/writes/versions.ts'
import { testDatabase } from '../../../../test/db.ts'
import * as files from '../../../../test/pictures/files.ts'
import { now, openWorkshop, takeJobs } from '../../../../test/pictures/workshop.ts'

const db = await testDatabase()
const { sendAndMake, send, make, avif, store, seen } = openWorkshop(db)
const free = async (): Promise<boolean> => false
const passFor = (surface: string): string => uploadPass(surface, null, null, now)
let side = 600
/** A picture that nobody sent before. */
const another = (): Promise<Buffer> =>
  files
    .fourSquares((side += 10), 600)
    .jpeg({ quality: 95 })
    .toBuffer()

const accountNamed = async (name: string): Promise<Viewer> => {
  const { id } = await db
    .insertInto('accounts')
    .values({ name, email: `${randomUUID()}@example.org` })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { account: id, email: null, name, roles: [] }
}

describe('words for a picture', () => {
  test('are kept, or it is decoration; both make it one that can be shown', async () => {
    const { version, surface } = await send(await another())
    const input = {
      version,
      pass: passFor(surface),
      words: null,
      decoration: false,
      caption: null,
      revision: 1,
    }
    expect(isDescribed((await versionOf(db, version))!)).toBe(false)
    await describeVersion(db, anybody, { ...input, words: 'Two hands, one drum', caption: 'Tuesday' }, now)
    expect(await versionOf(db, version)).toMatchObject({
      words: 'Two hands, one drum',
      caption: 'Tuesday',
      revision: 2,
    })
    expect(isDescribed((await versionOf(db, version))!)).toBe(true)
    await describeVersion(db, anybody, { ...input, words: 'ignored', decoration: true, revision: 2 }, now)
    expect(await versionOf(db, version)).toMatchObject({ words: '', decoration: true, revision: 3 })
    expect(isDescribed((await versionOf(db, version))!)).toBe(true)
  })

  test('that somebody else changed meanwhile are not overwritten; the same twice is once', async () => {
    const { version, surface } = await send(await another())
    const input = {
      version,
      pass: passFor(surface),
      words: 'First',
      decoration: false,
      caption: null,
      revision: 1,
    }
    await describeVersion(db, anybody, input, now)
    await describeVersion(db, anybody, input, now)
    await expect(describeVersion(db, anybody, { ...input, words: 'Second' }, now)).rejects.toMatchObject({
      key: 'refusal.stale',
    })
    expect((await versionOf(db, version))?.words).toBe('First')
  })

  test('are not for whoever has nothing to do with it: "not there" and "not yours" look alike', async () => {
    const { version } = await send(await another())
    const input = {
      version,
      pass: passFor(randomUUID()),
      words: 'Mine now',
      decoration: false,
      caption: null,
      revision: 1,
    }
    await expect(describeVersion(db, anybody, input, now)).rejects.toMatchObject({ key: 'refusal.missing' })
    const nowhere = { ...input, version: randomUUID() }
    await expect(describeVersion(db, anybody, nowhere, now)).rejects.toMatchObject({ key: 'refusal.missing' })
  })
})

test('pictures of a page are put into an order, by whoever may, and only its own', async () => {
  const surface = randomUUID()
  const first = await send(await another(), { surface })
  const second = await send(await another(), { surface })
  const other = await send(await another())
  const order = async () => (await versionsOn(db, surface)).map((one) => one.id)
  expect(await order()).toEqual([first.version, second.version])
  const input = { surface, pass: passFor(surface), versions: [second.version, first.version] }
  await orderVersions(db, anybody, input, now)
  expect(await order()).toEqual([second.version, first.version])
  const wrong = { ...input, versions: [first.version, other.version] }
  await expect(orderVersions(db, anybody, wrong, now)).rejects.toMatchObject({ key: 'refusal.missing' })
  expect(await order()).toEqual([second.version, first.version])
})

test('what was sent for a page is told to whoever may change it, and to nobody else', async () => {
  const { surface } = await send(await another())
  expect(await uploadsOn(db, anybody, { surface, pass: passFor(surface) }, now)).toMatchObject([
    { state: 'received' },
  ])
  await expect(uploadsOn(db, anybody, { surface, pass: '' }, now)).rejects.toMatchObject({
    key: 'refusal.missing',
  })
})

describe('covers drawn later', () => {
  const face: Cover = { shape: 'ellipse', x: 0, y: 0, w: 0.5, h: 0.5 }
  const cover = (version: string, surface: string, viewer = anybody, covers = [face]) =>
    coverVersion(db, viewer, { version, pass: passFor(surface), covers, formKey: randomUUID() }, now)

  /** The colour in the middle of the top left quarter of the widest JPEG. */
  const corner = async (version: string): Promise<number[]> => {
    const width = (await versionOf(db, version))?.widths.at(-1) ?? 0
    const found = await renditionOf(db, version, { width, format: 'jpg' })
    const file = await store.get('renditions', found?.key ?? '')
    const { data, info } = await sharp(file ? await buffer(file.body) : undefined)
      .raw()
      .toBuffer({ resolveWithObject: true })
    const at = (Math.floor(info.height / 4) * info.width + Math.floor(info.width / 4)) * 3
    return [...data.subarray(at, at + 3)]
  }

  test('hide the picture before them at once, and make a new one that carries its words and place', async () => {
    const { version, surface } = await sendAndMake(await another())
    await describeVersion(
      db,
      anybody,
      { version, pass: passFor(surface), words: 'Two of us', decoration: false, caption: null, revision: 1 },
      now,
    )
    const widest = (await versionOf(db, version))?.widths.at(-1) ?? 0
    const made = await cover(version, surface)
    expect(await renditionOf(db, version, { width: widest, format: 'jpg' })).toBeNull()
    expect(await versionOf(db, made.version)).toMatchObject({
      state: 'waiting',
      source: version,
      words: 'Two of us',
      position: 0,
    })
    seen.length = 0
    await make(db, { version: made.version }, now)
    expect(seen).toMatchObject([
      { version: made.version, source: version, maker: expect.stringMatching(/^link:/) },
    ])
    expect(await corner(made.version)).toEqual([0x33, 0x33, 0x33])
    expect((await versionsOn(db, surface)).map((one) => one.id)).toEqual([made.version])
    expect(await takeJobs(db, 'picture.replaced')).toContainEqual({ version })
    await eraseReplaced(store, free)(db, { version }, now)
    expect(await db.selectFrom('renditions').select('key').where('version', '=', version).execute()).toEqual(
      [],
    )
  })

  test('pressed twice make one; while a picture is being made they wait', async () => {
    const { version, surface } = await sendAndMake(await another())
    const input = { version, pass: passFor(surface), covers: [face], formKey: 'pressed' }
    const first = await coverVersion(db, anybody, input, now)
    expect(await coverVersion(db, anybody, input, now)).toEqual(first)
    await expect(cover(first.version, surface)).rejects.toMatchObject({ key: 'media.cover.early' })
  })

  test('when somebody else has looked at them, what lies under them is erased; whoever drew them cannot say so', async () => {
    const [jo, ann] = [await accountNamed('Jo'), await accountNamed('Ann')]
    const { version, upload, surface } = await sendAndMake(await another(), { account: jo.account })
    const made = await cover(version, surface, jo)
    await make(db, { version: made.version }, now)
    await expect(checkCover(db, jo, { version: made.version }, now)).rejects.toMatchObject({
      key: 'media.cover.own',
    })
    await expect(checkCover(db, anybody, { version: made.version }, now)).rejects.toMatchObject({
      key: 'media.cover.own',
    })
    await eraseUnderCover(store, free)(db, { upload }, now)
    const original = () =>
      db.selectFrom('uploads').select('original').where('id', '=', upload).executeTakeFirst()
    expect((await original())?.original).not.toBeNull()
    await checkCover(db, ann, { version: made.version }, now)
    await checkCover(db, ann, { version: made.version }, now)
    expect(await takeJobs(db, 'cover.checked')).toEqual([{ upload }])
    await eraseUnderCover(store, free)(db, { upload }, now)
    expect(await original()).toEqual({ original: null })
    expect(await corner(made.version)).toEqual([0x33, 0x33, 0x33])
  })

  test('can still be drawn when the original is gone, on what is served; earlier ones stay', async () => {
    const { version, upload, surface } = await sendAndMake(await another())
    const first = await cover(version, surface)
    await make(db, { version: first.version }, now)
    await avif(db, { version: first.version }, now)
    await purgeOriginals(store, free)(db, {}, new Date(now.getTime() + 61 * 86_400_000))
    const left = await db.selectFrom('uploads').select('original').where('id', '=', upload).executeTakeFirst()
    expect(left).toEqual({ original: null })
    const second = await cover(first.version, surface, anybody, [
      { shape: 'rectangle', x: 0.5, y: 0.5, w: 0.5, h: 0.5 },
    ])
    await make(db, { version: second.version }, now)
    expect(await versionOf(db, second.version)).toMatchObject({ state: 'visible' })
    expect((await versionOf(db, second.version))?.covers).toHaveLength(2)
    expect(await corner(second.version)).toEqual([0x33, 0x33, 0x33])
  })

  test('are read from a form as one list, and refused at their field', () => {
    const read = (covers: unknown) =>
      v.safeParse(coverInput, {
        version: randomUUID(),
        covers: typeof covers === 'string' ? covers : JSON.stringify(covers),
      })
    expect(read([face]).success).toBe(true)
    const key = (covers: unknown) => read(covers).issues?.[0]?.message
    expect(key([])).toBe('media.cover.none')
    expect(key('')).toBe('media.cover.none')
    expect(key('[')).toBe('media.cover.wrong')
    expect(key(Array.from({ length: 41 }, () => face))).toBe('media.cover.many')
    for (const wrong of [
      { ...face, x: -1 },
      { ...face, w: 0 },
      { ...face, shape: 'star' },
      { ...face, h: '1' },
    ]) {
      expect(read([wrong]).success).toBe(false)
    }
  })

  test('are made of ticked squares where nothing can be drawn', () => {
    expect(coversOfSquares(['0-0', '0-1', '0-3', '7-7'])).toEqual([
      { shape: 'rectangle', x: 0, y: 0, w: 0.25, h: 0.125 },
      { shape: 'rectangle', x: 0.375, y: 0, w: 0.125, h: 0.125 },
      { shape: 'rectangle', x: 0.875, y: 0.875, w: 0.125, h: 0.125 },
    ])
    const read = v.parse(coverInput, { version: randomUUID(), squares: ['3-4'], pass: '' })
    expect(read.covers).toEqual([{ shape: 'rectangle', x: 0.5, y: 0.375, w: 0.125, h: 0.125 }])
    expect(coversOfSquares(Array.from({ length: 64 }, (_, n) => `${n >> 3}-${n & 7}`))).toHaveLength(8)
    expect(v.safeParse(coverInput, { version: randomUUID(), squares: ['9-9'] }).success).toBe(false)
  })
})
