import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Format } from '#kernel/pictures.ts'
import { openMaker, type MakerLimits } from '#platform/server/images.ts'
import type { MadePicture } from '#platform/server/images/making.ts'
import { exif } from '../../../test/pictures/exif.ts'
import * as files from '../../../test/pictures/files.ts'
import { heif, hevcFrame } from '../../../test/pictures/heif.ts'
import { folder, largest, make, maker, saved, verdict } from '../../../test/pictures/making.ts'
import { apart, quarters, upright } from '../../../test/pictures/seen.ts'

describe.each(Object.keys(files.kinds) as (keyof typeof files.kinds)[])('a %s', (kind) => {
  test('becomes WebP, JPEG and AVIF that show the same', async () => {
    const picture = await make(await files.kinds[kind]())
    expect(picture.type).toBe(kind)
    for (const format of ['webp', 'jpg', 'avif'] as const) {
      expect(apart(await quarters(largest(picture, format)), upright)).toBeLessThan(12)
    }
  })
})

describe('sizes', () => {
  const widthsOf = (picture: MadePicture, format: Format): number[] =>
    picture.made
      .filter((one) => one.format === format)
      .map((one) => one.width)
      .toSorted((one, other) => one - other)

  test('nothing is enlarged, and the widest is 2048', async () => {
    const small = await make(await files.fourSquares(200, 300).png().toBuffer())
    expect(widthsOf(small, 'webp')).toEqual([200])
    const middle = await make(await files.fourSquares(1000, 500).jpeg().toBuffer())
    expect(['webp', 'jpg', 'avif'].map((format) => widthsOf(middle, format as Format))).toEqual(
      Array.from({ length: 3 }, () => [320, 640, 1000]),
    )
    const large = await make(await files.fourSquares(4000, 3000).jpeg().toBuffer(), {
      formats: ['webp', 'jpg'],
    })
    expect(widthsOf(large, 'jpg')).toEqual([320, 640, 1280, 2048])
    for (const one of large.made) {
      const { width, height } = await sharp(one.path).metadata()
      expect([width, height]).toEqual([one.width, one.height])
      expect(one.height).toBe(Math.round((one.width * 3) / 4))
    }
  })

  test('a portrait that lies on its side in its file is as wide as any other', async () => {
    const lying = await files.fourSquares(3000, 2400).jpeg().toBuffer()
    const portrait = files.withSegments(lying, files.exifSegment(exif({ orientation: 6 })))
    const picture = await make(portrait, { formats: ['jpg'] })
    expect([picture.width, picture.height]).toEqual([2400, 3000])
    expect(widthsOf(picture, 'jpg')).toEqual([320, 640, 1280, 2048])
  })

  test('a strip stays as tall as can be', async () => {
    const strip = await make(await files.fourSquares(400, 20_000).png().toBuffer(), { formats: ['webp'] })
    expect(strip.made.map((one) => [one.width, one.height])).toEqual([[164, 8192]])
    expect([strip.width, strip.height]).toEqual([400, 20_000])
  })

  test('what can be seen through stands on white, and grey, CMYK and 16 bits become plain', async () => {
    const clear = sharp({
      create: { width: 64, height: 64, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
    expect(await quarters(largest(await make(await clear.png().toBuffer()), 'jpg'))).toEqual(
      Array.from({ length: 4 }, () => [255, 255, 255]),
    )
    const picture = files.fourSquares(64, 64)
    const others = await Promise.all([
      picture.clone().greyscale().jpeg().toBuffer(),
      picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
      picture.clone().toColourspace('rgb16').png().toBuffer(),
    ])
    for (const file of others) {
      const { made } = await make(file)
      for (const one of made) expect((await sharp(one.path).metadata()).channels).toBe(3)
    }
  })

  test('colours of another profile become those of sRGB', async () => {
    const p3 = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff0000' } })
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const [seen] = await quarters(largest(await make(p3, { formats: ['jpg'] }), 'jpg'))
    expect(seen?.[0]).toBeGreaterThan(248)
    const icc = (await sharp(p3).metadata()).icc ?? Buffer.alloc(0)
    const plain = await quarters(
      largest(await make(heif({ brand: 'heic', coded: hevcFrame(512) }), { formats: ['jpg'] }), 'jpg'),
    )
    const wide = await quarters(
      largest(await make(heif({ brand: 'heic', coded: hevcFrame(512), icc }), { formats: ['jpg'] }), 'jpg'),
    )
    // Green of P3 lies outside of sRGB: less red is in it than the same figures say there.
    expect(wide[1]?.[0]).toBeLessThan((plain[1]?.[0] ?? 0) - 15)
  })
})

describe('100 megapixels', () => {
  test('are taken, as JPEG, as AVIF and as HEIC', async () => {
    const plain = sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#7a8b9c' } })
    const jpeg = await make(await plain.jpeg().toBuffer(), { formats: ['webp'] })
    expect([jpeg.width, jpeg.height, jpeg.made.length]).toEqual([10_000, 10_000, 4])
    const grid = { columns: 20, rows: 20, width: 10_000, height: 10_000 }
    const heic = await make(heif({ brand: 'heic', coded: hevcFrame(512), grid }), { formats: ['webp'] })
    expect([heic.width, heic.height, heic.made.length]).toEqual([10_000, 10_000, 4])
    const tiles = { columns: 5, rows: 5, width: 10_000, height: 10_000 }
    const avif = heif({ brand: 'avif', coded: await files.av1Frame(2048, 2048), grid: tiles })
    expect((await make(avif, { formats: ['webp'] })).made.length).toBe(4)
  }, 240_000)

  test('and a row more is not', async () => {
    const grid = { columns: 20, rows: 20, width: 10_001, height: 10_000 }
    expect(await verdict(heif({ brand: 'heic', coded: hevcFrame(512), grid }))).toBe('pixels')
    const plain = sharp({ create: { width: 10_000, height: 10_001, channels: 3, background: '#7a8b9c' } })
    expect(await verdict(await plain.toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer())).toBe(
      'pixels',
    )
  }, 120_000)
})

test('likeness stays when a picture is saved smaller or worse, and differs between pictures', async () => {
  const noise = (seed: number) =>
    sharp(Buffer.from(Array.from({ length: 12 * 9 * 3 }, (_, n) => (n * 7919 * seed + seed * 31) % 256)), {
      raw: { width: 12, height: 9, channels: 3 },
    }).resize(800, 600, { kernel: 'cubic' })
  const likeness = async (bytes: Buffer) => (await make(bytes, { formats: [] })).likeness
  const differs = (one: string, other: string): number =>
    one.split('').filter((bit, n) => bit !== other[n]).length
  const first = await likeness(await noise(1).png().toBuffer())
  const worse = await likeness(await noise(1).resize(500).jpeg({ quality: 40 }).toBuffer())
  const other = await likeness(await noise(5).png().toBuffer())
  expect(first).toMatch(/^[01]{64}$/)
  expect(differs(first, worse)).toBeLessThanOrEqual(6)
  expect(differs(first, other)).toBeGreaterThan(12)
}, 60_000)

describe('the process that makes', () => {
  const limits: MakerLimits = { seconds: 240, cpuSeconds: 90, megabytes: 1800, rest: 20 }
  const noisy = sharp({
    create: {
      width: 2400,
      height: 1600,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  })
  const bytes = noisy.jpeg().toBuffer()
  const source = async (): Promise<string> => saved(await bytes)

  test.each([
    ['time', { ...limits, seconds: 0.4 }],
    ['processor time', { ...limits, cpuSeconds: 0.3 }],
    ['memory', { ...limits, megabytes: 120 }],
  ])(
    'is ended when a picture needs more %s than it may have, and works on the next',
    async (_, limit) => {
      const bounded = openMaker(folder, true, limit)
      const making = { path: await source(), covers: [], formats: ['avif' as const], folder }
      await expect(bounded.make(making)).rejects.toMatchObject({ key: 'media.wrong.hard' })
      bounded.stop()
      expect((await maker.make({ ...making, formats: ['webp'] })).made.length).toBe(4)
    },
    60_000,
  )

  test('reaches no file but those it is given', async () => {
    const making = { path: '/etc/hostname', covers: [], formats: ['webp' as const], folder }
    await expect(maker.make(making)).rejects.toThrow('--allow-fs-read')
    const own = await source()
    await expect(maker.make({ ...making, path: own, folder: '/tmp' })).rejects.toThrow('--allow-fs-write')
  })

  test('that is killed in the middle fails as something to try again, not as the fault of the picture', async () => {
    const other = openMaker(folder, false)
    const failing = other.make({ path: await source(), covers: [], formats: ['avif'], folder })
    const killed = expect(failing).rejects.toThrow('was ended (SIGKILL)')
    await expect.poll(() => other.pid(), { timeout: 30_000 }).not.toBeNull()
    const pid = other.pid()
    if (pid !== null) process.kill(pid, 'SIGKILL')
    await killed
    expect(
      (await other.make({ path: await source(), covers: [], formats: ['webp'], folder })).made.length,
    ).toBe(4)
    other.stop()
  }, 60_000)
})
