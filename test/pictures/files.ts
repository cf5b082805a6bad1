// Makes files of every kind that is taken, with words of ours hidden wherever a file of that kind can hold words.
import { randomBytes } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { exif } from './exif.ts'
import { box, heif, hevcFrame, u32, type Coded } from './heif.ts'

const ascii = (of: string): Buffer => Buffer.from(of, 'latin1')

/** The four squares that every picture here shows: red and green above blue and yellow. */
export const squares = {
  topLeft: [220, 40, 40],
  topRight: [40, 180, 60],
  bottomLeft: [40, 70, 200],
  bottomRight: [230, 200, 40],
}

/** Pixels of the four squares. */
export function fourSquares(width: number, height: number): Sharp {
  const [half, tall] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const row = (left: number[], right: number[]): Buffer =>
    Buffer.concat([
      Buffer.alloc(half * 3, Buffer.from(left)),
      Buffer.alloc((width - half) * 3, Buffer.from(right)),
    ])
  const data = Buffer.concat([
    Buffer.alloc(tall * width * 3, row(squares.topLeft, squares.topRight)),
    Buffer.alloc((height - tall) * width * 3, row(squares.bottomLeft, squares.bottomRight)),
  ])
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** Counts out words that nothing contains by chance, and remembers them. */
export function hiding(): { hide: () => string; hidden: string[] } {
  const hidden: string[] = []
  const hide = (): string => {
    const word = `x${randomBytes(10).toString('hex')}x`
    hidden.push(word)
    return word
  }
  return { hide, hidden }
}

/** Answers which hidden words can be found in bytes, as letters of one byte or of two. */
export const foundIn = (bytes: Buffer, hidden: readonly string[]): string[] =>
  hidden.filter(
    (word) =>
      bytes.includes(word, 0, 'latin1') ||
      bytes.includes(Buffer.from(word, 'utf16le')) ||
      bytes.includes(Buffer.from(word, 'utf16le').swap16()),
  )

const xmp = (word: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="${word}"/></rdf:RDF></x:xmpmeta>`

/** A colour profile that works, with further words in it. */
export async function profile(hide: () => string): Promise<Buffer> {
  const made = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
    .withIccProfile('p3')
    .png()
    .toBuffer()
  const icc = (await sharp(made).metadata()).icc ?? Buffer.alloc(0)
  const count = icc.readUInt32BE(128)
  const extra = [hide(), hide()].map((word) => Buffer.concat([ascii('text\0\0\0\0'), ascii(`${word}\0`)]))
  const grown = 12 * extra.length
  const table = Buffer.concat(
    Array.from({ length: count }, (_, n) => {
      const entry = Buffer.from(icc.subarray(132 + n * 12, 144 + n * 12))
      entry.writeUInt32BE(entry.readUInt32BE(4) + grown, 4)
      return entry
    }),
  )
  const body = icc.subarray(132 + count * 12)
  let at = 132 + table.length + grown + body.length
  const added = extra.map((data, n) => {
    const entry = Buffer.concat([ascii(['dmnd', 'tech'][n] ?? ''), u32(at), u32(data.length)])
    at += data.length
    return entry
  })
  const whole = Buffer.concat([
    icc.subarray(0, 128),
    u32(count + extra.length),
    table,
    ...added,
    body,
    ...extra,
  ])
  whole.writeUInt32BE(whole.length, 0)
  return whole
}

const segment = (marker: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])
}

/** Puts segments into a JPEG, right behind its first marker. */
export const withSegments = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])

export const exifSegment = (facts: Buffer): Buffer => segment(0xe1, ascii('Exif\0\0'), facts)
export const comment = (word: string): Buffer => segment(0xfe, ascii(word))

/** A JPEG as a camera writes it, with a word in every segment there is and in the pictures inside and behind. */
export async function jpegHiding(hide: () => string, orientation = 1): Promise<Buffer> {
  const plain = await fourSquares(640, 480).jpeg({ quality: 90 }).toBuffer()
  const small = withSegments(await fourSquares(32, 24).jpeg().toBuffer(), comment(hide()))
  const iptc = Buffer.concat([ascii('\x1c\x02\x78\0'), Buffer.from([23]), ascii(hide())])
  const bim = Buffer.concat([ascii('8BIM\x04\x04\0\0'), u32(iptc.length), iptc])
  const others = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15].map((n) => segment(0xe0 + n, ascii(`${n}\0${hide()}`)))
  const behind = withSegments(await fourSquares(64, 48).jpeg().toBuffer(), comment(hide()))
  return Buffer.concat([
    withSegments(
      plain,
      segment(0xe0, ascii('JFXX\0'), Buffer.from([0x10]), small),
      exifSegment(exif({ orientation, taken: '2026:10:20 11:12:13', hide, thumbnail: small })),
      segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0'), ascii(xmp(hide()))),
      segment(0xe1, ascii('http://ns.adobe.com/xmp/extension/\0'), ascii(hide())),
      segment(0xe2, ascii('ICC_PROFILE\0\x01\x01'), await profile(hide)),
      segment(0xe2, ascii('MPF\0'), ascii(hide())),
      segment(0xed, ascii('Photoshop 3.0\0'), bim),
      ...others,
      comment(hide()),
    ),
    behind,
  ])
}

/** A chunk of a PNG. */
export const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([ascii(type), data])
  return Buffer.concat([u32(data.length), named, u32(crc32(named))])
}

/** Puts chunks into a PNG, behind its head. */
export const withChunks = (png: Buffer, ...chunks: Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)])

export async function pngHiding(hide: () => string, orientation = 1): Promise<Buffer> {
  const plain = await fourSquares(640, 480).png().toBuffer()
  const clear = (of: string): Buffer => ascii(`${of}\0`)
  return withChunks(
    plain,
    chunk('iCCP', Buffer.concat([clear('profile'), Buffer.from([0]), deflateSync(await profile(hide))])),
    chunk('eXIf', exif({ orientation, taken: '2026:10:20 11:12:13', hide })),
    chunk('tEXt', Buffer.concat([clear(hide()), ascii(hide())])),
    chunk('zTXt', Buffer.concat([clear(hide()), Buffer.from([0]), deflateSync(ascii(hide()))])),
    chunk('iTXt', Buffer.concat([clear('XML:com.adobe.xmp'), Buffer.alloc(4), ascii(xmp(hide()))])),
    chunk('iTXt', Buffer.concat([clear(hide()), Buffer.from([1, 0, 0, 0]), deflateSync(ascii(hide()))])),
    chunk('sPLT', Buffer.concat([clear(hide()), Buffer.from([8, 1, 2, 3, 255, 0, 1])])),
    chunk('prVt', ascii(hide())),
  )
}

/** A part of a WebP. */
export const riff = (type: string, data: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  return Buffer.concat([ascii(type), size, data, Buffer.alloc(data.length & 1)])
}

/** A WebP out of its parts. */
export const webp = (...parts: Buffer[]): Buffer => {
  const body = Buffer.concat([ascii('WEBP'), ...parts])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(body.length)
  return Buffer.concat([ascii('RIFF'), size, body])
}

export async function webpHiding(hide: () => string, orientation = 1): Promise<Buffer> {
  const plain = await fourSquares(640, 480).webp({ quality: 90 }).toBuffer()
  const head = Buffer.from([0x2c, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0])
  return webp(
    riff('VP8X', head),
    riff('ICCP', await profile(hide)),
    plain.subarray(12),
    riff('EXIF', exif({ orientation, taken: '2026:10:20 11:12:13', hide })),
    riff('XMP ', ascii(xmp(hide()))),
    riff('NOTE', ascii(hide())),
  )
}

/** Takes the coded picture out of an AVIF that sharp made, so that it can be put into boxes of ours. */
export async function av1Frame(width: number, height: number): Promise<Coded> {
  const made = await fourSquares(width, height).avif({ quality: 80, effort: 0 }).toBuffer()
  const at = made.indexOf('av1C') - 4
  const mdat = made.indexOf('mdat') - 4
  const config = made.subarray(at, at + made.readUInt32BE(at))
  return {
    type: 'av01',
    config,
    data: made.subarray(mdat + 8, mdat + made.readUInt32BE(mdat)),
    width,
    height,
  }
}

const heifHiding = async (hide: () => string, brand: 'heic' | 'avif', coded: Coded): Promise<Buffer> =>
  heif({
    brand,
    coded,
    name: hide(),
    icc: await profile(hide),
    exif: exif({ taken: '2026:10:20 11:12:13', hide }),
    xmp: ascii(xmp(hide())),
    thumbnail: coded,
    behind: [
      box('free', ascii(hide())),
      box('uuid', randomBytes(16), ascii(hide())),
      box('mpvd', ascii(hide())),
    ],
  })

export const avifHiding = async (hide: () => string): Promise<Buffer> =>
  heifHiding(hide, 'avif', await av1Frame(640, 480))
export const heicHiding = async (hide: () => string): Promise<Buffer> =>
  heifHiding(hide, 'heic', hevcFrame(512))

/** One small file of each kind. */
export const kinds: Record<'jpeg' | 'png' | 'webp' | 'avif' | 'heic', () => Promise<Buffer>> = {
  jpeg: () => fourSquares(400, 300).jpeg().toBuffer(),
  png: () => fourSquares(400, 300).png().toBuffer(),
  webp: () => fourSquares(400, 300).webp().toBuffer(),
  avif: () => fourSquares(400, 300).avif({ effort: 0 }).toBuffer(),
  heic: async () => heif({ brand: 'heic', coded: hevcFrame(512) }),
}

let side = 40
/** A picture that nobody sent before. */
export const another = (): Promise<Buffer> =>
  fourSquares((side += 10), 40)
    .jpeg()
    .toBuffer()
