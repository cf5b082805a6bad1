import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Cover } from '#kernel/pictures.ts'
import { exif } from '../../../../test/pictures/exif.ts'
import * as files from '../../../../test/pictures/files.ts'
import { heif, hevcFrame } from '../../../../test/pictures/heif.ts'
import { largest, make } from '../../../../test/pictures/making.ts'
import { apart, quarters, upright } from '../../../../test/pictures/seen.ts'

const { topLeft, topRight, bottomLeft, bottomRight } = files.squares

describe('portraits stand upright', () => {
  /** The picture as a camera saves it that was held in a way it writes down as 1 to 8 (EXIF 2.32, tag 274). */
  const held = async (orientation: number): Promise<Buffer> => {
    const plain = files.fourSquares(240, 160)
    const across = orientation >= 5
    const picture = across
      ? sharp(await plain.png().toBuffer()).rotate(orientation === 5 || orientation === 6 ? 270 : 90)
      : plain
    if (orientation === 2 || orientation === 4) picture.flop(orientation === 2)
    if (orientation === 4) picture.flip()
    if (orientation === 3) picture.flip().flop()
    if (orientation === 5 || orientation === 7) picture.flop()
    return picture.png().toBuffer()
  }
  const says = (orientation: number): Buffer => exif({ orientation })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('held as in %i', async (orientation) => {
    const saved = sharp(await held(orientation))
    const [jpeg, png, webp] = await Promise.all([
      saved.clone().jpeg({ quality: 95 }).toBuffer(),
      saved.clone().png().toBuffer(),
      saved.clone().webp({ quality: 95 }).toBuffer(),
    ])
    const head = Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    const across = orientation >= 5
    head.writeUIntLE((across ? 160 : 240) - 1, 4, 3)
    head.writeUIntLE((across ? 240 : 160) - 1, 7, 3)
    const turned = [
      files.withSegments(jpeg, files.exifSegment(says(orientation))),
      files.withChunks(png, files.chunk('eXIf', says(orientation))),
      files.webp(files.riff('VP8X', head), webp.subarray(12), files.riff('EXIF', says(orientation))),
    ]
    for (const file of turned) {
      const picture = await make(file, { formats: ['webp'] })
      expect([picture.width, picture.height]).toEqual([240, 160])
      expect(apart(await quarters(largest(picture, 'webp')), upright)).toBeLessThan(16)
    }
  })

  test('HEIC and AVIF are turned by their own boxes, and not once more by what a camera wrote', async () => {
    const seen = async (coded: Parameters<typeof heif>[0]['coded'], turned: number, mirrored?: 0 | 1) => {
      const brand = coded.type === 'hvc1' ? 'heic' : 'avif'
      const file = heif({
        brand,
        coded,
        turned,
        ...(mirrored === undefined ? {} : { mirrored }),
        exif: says(6),
      })
      return quarters(largest(await make(file, { formats: ['webp'] }), 'webp'))
    }
    for (const coded of [hevcFrame(512), await files.av1Frame(512, 512)]) {
      expect(apart(await seen(coded, 0), upright)).toBeLessThan(16)
      expect(apart(await seen(coded, 1), [topRight, bottomRight, topLeft, bottomLeft])).toBeLessThan(16)
      expect(apart(await seen(coded, 2), [bottomRight, bottomLeft, topRight, topLeft])).toBeLessThan(16)
      expect(apart(await seen(coded, 3), [bottomLeft, topLeft, bottomRight, topRight])).toBeLessThan(16)
      expect(apart(await seen(coded, 0, 1), [topRight, topLeft, bottomRight, bottomLeft])).toBeLessThan(16)
    }
  })
})

describe('covers', () => {
  test('are burnt in: nothing of what is under them is in any size or format, and the rest is as it was', async () => {
    const covers: Cover[] = [
      { shape: 'rectangle', x: 0, y: 0, w: 0.5, h: 0.5 },
      { shape: 'ellipse', x: 0.55, y: 0.55, w: 0.4, h: 0.4 },
    ]
    const picture = await make(await files.fourSquares(2400, 1800).jpeg({ quality: 95 }).toBuffer(), {
      covers,
    })
    const grey = [0x33, 0x33, 0x33]
    for (const one of picture.made) {
      expect(apart(await quarters(one.path), [grey, topRight, bottomLeft, grey])).toBeLessThan(20)
      const { data, info } = await sharp(one.path).raw().toBuffer({ resolveWithObject: true })
      const isRed = (x: number, y: number): boolean => {
        const at = (y * info.width + x) * info.channels
        return (data[at] ?? 0) > 150 && (data[at + 1] ?? 0) < 100
      }
      const red = Array.from({ length: 4000 }, (_, n) => n).filter((n) =>
        isRed(Math.floor(((n % 80) / 80) * info.width), Math.floor((Math.floor(n / 80) / 50) * info.height)),
      )
      expect(red).toEqual([])
    }
  })

  test('stand where they were drawn on a picture that is turned upright', async () => {
    const side = await sharp(await files.fourSquares(300, 200).png().toBuffer())
      .rotate(270)
      .jpeg({ quality: 95 })
      .toBuffer()
    const file = files.withSegments(side, files.exifSegment(exif({ orientation: 6 })))
    const covers: Cover[] = [{ shape: 'rectangle', x: 0.5, y: 0, w: 0.5, h: 0.5 }]
    const picture = await make(file, { covers, formats: ['jpg'] })
    expect(
      apart(await quarters(largest(picture, 'jpg')), [topLeft, [0x33, 0x33, 0x33], bottomLeft, bottomRight]),
    ).toBeLessThan(20)
  })
})
