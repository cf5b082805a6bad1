import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { Refusal } from '#kernel/refusal.ts'
import { dayTaken } from '#platform/server/images/exif.ts'
import { lookAt } from '#platform/server/images/look-at.ts'
import { exif } from '../../../../test/pictures/exif.ts'
import * as files from '../../../../test/pictures/files.ts'
import { box, heif, hevcFrame, u32 } from '../../../../test/pictures/heif.ts'

/** Answers why a file is refused, or what it is. */
const verdict = (bytes: Buffer): string => {
  try {
    return lookAt(bytes).type
  } catch (error) {
    if (error instanceof Refusal) return error.key.replace('media.wrong.', '')
    throw error
  }
}

const made = Object.fromEntries(
  await Promise.all(Object.entries(files.kinds).map(async ([kind, make]) => [kind, await make()] as const)),
)
const kinds = Object.entries(made)
const zip = Buffer.concat([
  Buffer.from('PK\x03\x04'),
  Buffer.alloc(40, 1),
  Buffer.from('PK\x05\x06'),
  Buffer.alloc(18),
])
const script = Buffer.from('<!doctype html><script>alert(1)</script>')

describe.each(kinds)('a %s', (kind, bytes) => {
  test('is told by what is in it', () => {
    expect(verdict(bytes)).toBe(kind)
  })

  test('that lacks its end is refused, wherever it was cut', () => {
    for (let part = 1; part < 20; part += 1) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 20))
      expect(['cut', 'broken', 'kind']).toContain(verdict(cut))
    }
    expect(['cut', 'broken']).toContain(verdict(bytes.subarray(0, -1)))
  })

  test('with an archive or a page behind it is refused', () => {
    expect(verdict(Buffer.concat([bytes, zip]))).toBe('behind')
    expect(verdict(Buffer.concat([bytes, script]))).toBe('behind')
    expect(verdict(Buffer.concat([bytes, Buffer.from([7])]))).toBe('behind')
  })
})

test('what is no picture is refused, whatever it is called', () => {
  expect(verdict(Buffer.from('%PDF-1.7'))).toBe('kind')
  expect(verdict(Buffer.from('GIF89a..........'))).toBe('kind')
  expect(verdict(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('kind')
  expect(verdict(Buffer.from('MZ\x90\0'))).toBe('kind')
  expect(verdict(Buffer.alloc(0))).toBe('kind')
  expect(verdict(zip)).toBe('kind')
})

test('a film is told that it is one', () => {
  const film = Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), box('mdat', Buffer.alloc(50))])
  expect(verdict(film)).toBe('film')
  expect(
    verdict(Buffer.concat([box('ftyp', Buffer.from('qt  \0\0\0\0')), box('mdat', Buffer.alloc(9))])),
  ).toBe('film')
  expect(verdict(Buffer.from('\x1aE\xdf\xa3webm', 'latin1'))).toBe('film')
})

test('pictures that move are refused', async () => {
  const frames = await Promise.all([
    files.fourSquares(32, 32).png().toBuffer(),
    files.fourSquares(32, 32).negate().png().toBuffer(),
  ])
  const moving = await sharp(frames, { join: { animated: true } })
    .webp({ delay: [100, 100] })
    .toBuffer()
  expect(verdict(moving)).toBe('moves')
  const png = made['png'] ?? Buffer.alloc(0)
  expect(verdict(files.withChunks(png, files.chunk('acTL', Buffer.concat([u32(2), u32(0)]))))).toBe('moves')
  const coded = hevcFrame(64)
  expect(verdict(heif({ brand: 'msf1', coded }))).toBe('moves')
  expect(verdict(heif({ brand: 'avis', coded }))).toBe('moves')
  expect(verdict(heif({ brand: 'heic', coded, behind: [box('moov', Buffer.alloc(20))] }))).toBe('moves')
})

describe('a picture above 100 megapixels is refused with the number, before anything of it is unpacked', () => {
  const saying = (bytes: Buffer): unknown => {
    try {
      return lookAt(bytes).type
    } catch (error) {
      return error instanceof Refusal ? [error.key, error.params] : error
    }
  }
  const above = ['media.wrong.pixels', { megapixels: 100.1, most: 100 }]

  test('JPEG', () => {
    const at = (width: number, height: number): Buffer => {
      const bytes = Buffer.from(made['jpeg'] ?? '')
      const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
      bytes.writeUInt16BE(height, frame + 5)
      bytes.writeUInt16BE(width, frame + 7)
      return bytes
    }
    expect(saying(at(10_000, 10_000))).toBe('jpeg')
    expect(saying(at(10_001, 10_000))).toEqual(above)
    expect(saying(at(65_535, 65_535))).toEqual(['media.wrong.pixels', { megapixels: 4294.9, most: 100 }])
  })

  test('PNG', () => {
    const at = (width: number, height: number): Buffer => {
      const bytes = made['png'] ?? Buffer.alloc(0)
      const head = Buffer.concat([u32(width), u32(height), bytes.subarray(24, 29)])
      return Buffer.concat([bytes.subarray(0, 8), files.chunk('IHDR', head), bytes.subarray(33)])
    }
    expect(saying(at(10_000, 10_000))).toBe('png')
    expect(saying(at(10_001, 10_000))).toEqual(above)
  })

  test('WebP', () => {
    const at = (width: number, height: number): Buffer => {
      const head = Buffer.alloc(10)
      head.writeUIntLE(width - 1, 4, 3)
      head.writeUIntLE(height - 1, 7, 3)
      return files.webp(files.riff('VP8X', head), (made['webp'] ?? Buffer.alloc(0)).subarray(12))
    }
    expect(saying(at(10_000, 10_000))).toBe('webp')
    expect(saying(at(10_001, 10_000))).toEqual(above)
  })

  test('HEIC and AVIF', () => {
    const at = (width: number, height: number): Buffer =>
      heif({ brand: 'heic', coded: hevcFrame(64), said: { width, height } })
    expect(saying(at(10_000, 10_000))).toBe('heic')
    expect(saying(at(10_001, 10_000))).toEqual(above)
  })
})

describe('what carries far more than a picture needs is refused', () => {
  test('a colour profile in very many parts', () => {
    const part = Buffer.concat([
      Buffer.from([0xff, 0xe2, 0xff, 0xff]),
      Buffer.from('ICC_PROFILE\0'),
      Buffer.alloc(65_521),
    ])
    const many = Array.from({ length: 70 }, () => part)
    expect(verdict(files.withSegments(made['jpeg'] ?? Buffer.alloc(0), ...many))).toBe('heavy')
  })

  test('words that unpack to a thousand times their size', () => {
    const packed = deflateSync(Buffer.alloc(50_000_000))
    const bomb = Buffer.concat([Buffer.from('Comment\0\0'), packed])
    const png = made['png'] ?? Buffer.alloc(0)
    expect(packed.length).toBeLessThan(60_000)
    expect(verdict(files.withChunks(png, files.chunk('zTXt', bomb)))).toBe('heavy')
    expect(verdict(files.withChunks(png, files.chunk('iCCP', bomb)))).toBe('heavy')
    const text = Buffer.concat([Buffer.from('Comment\0\x01\0en\0\0'), packed])
    expect(verdict(files.withChunks(png, files.chunk('iTXt', text)))).toBe('heavy')
  })

  test('facts of more than a megabyte', () => {
    const facts = Buffer.concat([exif(), Buffer.alloc(1_100_000)])
    expect(verdict(files.withChunks(made['png'] ?? Buffer.alloc(0), files.chunk('eXIf', facts)))).toBe(
      'heavy',
    )
    expect(verdict(heif({ brand: 'heic', coded: hevcFrame(64), exif: facts }))).toBe('heavy')
    expect(
      verdict(files.webp((made['webp'] ?? Buffer.alloc(0)).subarray(12), files.riff('EXIF', facts))),
    ).toBe('heavy')
  })
})

describe('what phones put behind a picture is known', () => {
  const jpeg = made['jpeg'] ?? Buffer.alloc(0)

  test('a second picture, zeros, a short film', () => {
    expect(verdict(Buffer.concat([jpeg, jpeg, jpeg]))).toBe('jpeg')
    expect(verdict(Buffer.concat([jpeg, Buffer.alloc(300)]))).toBe('jpeg')
    const film = Buffer.concat([box('ftyp', Buffer.from('mp42\0\0\0\0')), box('mdat', Buffer.alloc(99))])
    expect(verdict(Buffer.concat([jpeg, film]))).toBe('jpeg')
    expect(verdict(Buffer.concat([jpeg, film, zip]))).toBe('behind')
  })

  test("Samsung's list, when it says where it begins", () => {
    const entry = Buffer.from('\0\0\x01\x0a\x04\0\0\0Name1234', 'latin1')
    const list = Buffer.alloc(24)
    list.write('SEFH', 0, 'latin1')
    list.writeUInt32LE(106, 4)
    list.writeUInt32LE(1, 8)
    list.writeUInt32LE(entry.length, 16)
    list.writeUInt32LE(entry.length, 20)
    const end = Buffer.alloc(8)
    end.writeUInt32LE(list.length)
    end.write('SEFT', 4, 'latin1')
    expect(verdict(Buffer.concat([jpeg, entry, list, end]))).toBe('jpeg')
    expect(verdict(Buffer.concat([jpeg, zip, entry, list, end]))).toBe('behind')
  })

  test('but no more of them than a camera writes', () => {
    expect(verdict(Buffer.concat(Array.from({ length: 20 }, () => jpeg)))).toBe('behind')
  })
})

test('the day on which a picture was taken is read, and nothing that is no day', () => {
  expect(dayTaken(exif({ taken: '2026:10:20 11:12:13' }))).toBe('2026-10-20')
  expect(dayTaken(exif({ taken: '2026:02:31 11:12:13' }))).toBeNull()
  expect(dayTaken(exif({ taken: '0000:00:00 00:00:00' }))).toBeNull()
  expect(dayTaken(exif())).toBeNull()
  for (let n = 0; n < 60; n += 1)
    expect(dayTaken(exif({ taken: '2026:10:20 11:12:13' }).subarray(0, n))).toBeNull()
  expect(dayTaken(null)).toBeNull()
})
