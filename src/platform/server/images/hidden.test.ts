import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { checkClean } from '#platform/server/images/clean.ts'
import { exif } from '../../../../test/pictures/exif.ts'
import * as files from '../../../../test/pictures/files.ts'
import { heif, hevcFrame } from '../../../../test/pictures/heif.ts'
import { make, verdict } from '../../../../test/pictures/making.ts'

describe('rule 12: nothing that was hidden in a file is in anything made of it', () => {
  const hiders = {
    jpeg: files.jpegHiding,
    png: files.pngHiding,
    webp: files.webpHiding,
    avif: files.avifHiding,
    heic: files.heicHiding,
  }

  test.each(Object.keys(hiders) as (keyof typeof hiders)[])('%s', async (kind) => {
    const { hide, hidden } = files.hiding()
    const file = await hiders[kind](hide)
    const compressed = kind === 'png' ? 6 : 0
    // Words that are packed inside of the file cannot be seen from outside; all the others must be there.
    expect(files.foundIn(file, hidden).length).toBeGreaterThanOrEqual(hidden.length - compressed)
    expect(hidden.length).toBeGreaterThan(10)
    const picture = await make(file)
    expect(picture.made.length).toBeGreaterThanOrEqual(6)
    for (const one of picture.made) {
      const bytes = readFileSync(one.path)
      expect(files.foundIn(bytes, hidden)).toEqual([])
      expect(() => checkClean(one.format, bytes)).not.toThrow()
      expect(await sharp(bytes).metadata()).not.toHaveProperty('exif')
    }
    expect(JSON.stringify({ ...picture, made: [] })).not.toMatch(new RegExp(hidden.join('|')))
    expect(picture.day).toBe('2026-10-20')
  })

  test('a check that something else is in a picture finds it', async () => {
    const jpeg = await files.kinds.jpeg()
    expect(() => checkClean('jpg', files.withSegments(jpeg, files.comment('hello')))).toThrow('fe')
    expect(() => checkClean('jpg', files.withSegments(jpeg, files.exifSegment(exif())))).toThrow('APP1 Exif')
    const webp = await files.kinds.webp()
    expect(() => checkClean('webp', files.webp(webp.subarray(12), files.riff('EXIF', exif())))).toThrow(
      'EXIF',
    )
    const coded = await files.av1Frame(64, 64)
    expect(() => checkClean('avif', heif({ brand: 'avif', coded, exif: exif() }))).toThrow('item Exif')
    expect(() => checkClean('avif', heif({ brand: 'avif', coded, name: 'Sam' }))).toThrow('named')
    expect(() => checkClean('webp', jpeg)).toThrow('jpeg')
  })
})

describe('rule 13: what cannot be read to its end is refused', () => {
  const half = (data: Buffer): Buffer => data.subarray(0, Math.floor(data.length / 2))

  test('JPEG whose lines stop in the middle', async () => {
    const jpeg = await files.fourSquares(400, 300).sharpen().jpeg({ quality: 95 }).toBuffer()
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]))
    const lines = jpeg.subarray(scan, -2)
    const file = Buffer.concat([jpeg.subarray(0, scan), half(lines), jpeg.subarray(-2)])
    expect(await verdict(file)).toBe('broken')
  })

  test('PNG whose lines stop in the middle, or are not packed right', async () => {
    const png = await files.kinds.png()
    const at = png.indexOf('IDAT') - 4
    const length = png.readUInt32BE(at)
    const data = png.subarray(at + 8, at + 8 + length)
    const rest = png.subarray(at + 12 + length)
    expect(await verdict(Buffer.concat([png.subarray(0, at), files.chunk('IDAT', half(data)), rest]))).toBe(
      'broken',
    )
    const noise = Buffer.from(data).fill(7, 20)
    expect(await verdict(Buffer.concat([png.subarray(0, at), files.chunk('IDAT', noise), rest]))).toBe(
      'broken',
    )
  })

  test('WebP, HEIC and AVIF whose picture stops in the middle', async () => {
    const webp = await files.fourSquares(400, 300).webp().toBuffer()
    expect(await verdict(files.webp(files.riff('VP8 ', half(webp.subarray(20)))))).toBe('broken')
    const hevc = hevcFrame(512)
    expect(await verdict(heif({ brand: 'heic', coded: { ...hevc, data: half(hevc.data) } }))).toBe('broken')
    const av1 = await files.av1Frame(400, 300)
    expect(await verdict(heif({ brand: 'avif', coded: { ...av1, data: half(av1.data) } }))).toBe('broken')
  })

  test('a file that names another size than it has, or parts that it lacks', async () => {
    const said = { width: 4000, height: 3000 }
    expect(await verdict(heif({ brand: 'heic', coded: hevcFrame(64), said }))).toBe('broken')
    const grid = { columns: 3, rows: 3, width: 192, height: 192 }
    const file = heif({ brand: 'heic', coded: hevcFrame(64), grid })
    const wrong = Buffer.from(file)
    wrong[file.lastIndexOf(Buffer.from([0, 1, 2, 2, 0, 0, 0, 192])) + 2] = 9
    expect(await verdict(file)).toBe('made')
    expect(await verdict(wrong)).toBe('broken')
  })
})
