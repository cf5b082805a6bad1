// Puts still pictures into the boxes of a HEIF file (HEIC and AVIF), with whatever may stand beside them.

/** One frame of 64 × 64 and one of 512 × 512: red and green above blue and yellow. Made with x265 3.5 from four flat squares: `x265 --frames 1 --preset slow --qp 20 --keyint 1 --no-info --no-wpp --no-scenecut --range full --colormatrix bt470bg`. */
const frames = {
  64: 'AAAAAUABDAH//wNwAAADAJAAAAMAAAMAHroCQAAAAAFCAQEDcAAAAwCQAAADAAADAB6gIIEFlupJMrm4EBAoIAAAfQAAAwB9AQAAAAFEAcFxgRIAAAEoAa8J4COPP/swH/7LfQ+s/5geb0Pnv4f/uS+Ef92iA9LWL/XN5Y68bub73Fq6eyI=',
  512: 'AAAAAUABDAH//wNwAAADAJAAAAMAAAMAWroCQAAAAAFCAQEDcAAAAwCQAAADAAADAFqgBAIAgFlupJMrm4EBAoIAAAfQAAAH0BAAAAABRAHBcYESAAABKAGvCeAjjz/7MB/+y30PrQBff7+WdfNglAw3sAFEP7jz0b+/h/+5II80AuAAAAMAAAMChJIAAAMAAO4qgAAACsNgATz///7tEB6WsX+ubcAAAFQ/f/9Y8+fH8pWn8ac1dwAAAwADqhwAAAMBCdEAAAMAYwvAPeA=',
} as const

const ascii = (words: string): Buffer => Buffer.from(words, 'latin1')
const u8 = (...values: number[]): Buffer => Buffer.from(values)
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
export const u32 = (value: number): Buffer => {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(value)
  return four
}

/** A box: its length, its name, what is in it. */
export const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), ascii(type), body])
}
const fullBox = (type: string, version: number, flags: number, ...parts: Buffer[]): Buffer =>
  box(type, u8(version, 0, 0, flags), ...parts)

/** A picture as it is coded, and the box that says how. */
export type Coded = { type: 'hvc1' | 'av01'; config: Buffer; data: Buffer; width: number; height: number }

/** A frame of HEVC as HEIC wants it: the sets of parameters in a box, the slices with their lengths before them. */
export function hevcFrame(size: 64 | 512): Coded {
  const stream = Buffer.from(frames[size], 'base64')
  const units = stream
    .toString('latin1')
    .split('\0\0\0\u0001')
    .flatMap((part) => part.split('\0\0\u0001'))
    .filter((part) => part !== '')
    .map(ascii)
  const typeOf = (unit: Buffer): number => ((unit[0] ?? 0) >> 1) & 63
  const sets = units.filter((unit) => typeOf(unit) >= 32)
  const slices = units.filter((unit) => typeOf(unit) < 32)
  const head = u8(1, 3, 0x70, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 30, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f)
  const arrays = sets.map((unit) => Buffer.concat([u8(0x80 | typeOf(unit)), u16(1), u16(unit.length), unit]))
  return {
    type: 'hvc1',
    config: box('hvcC', head, u8(arrays.length), ...arrays),
    data: Buffer.concat(slices.flatMap((unit) => [u32(unit.length), unit])),
    width: size,
    height: size,
  }
}

type Item = {
  type: string
  data: Buffer
  properties: number[]
  name: string
  mime?: string
  /** Only a part of another. */
  part?: true
}

export type HeifOptions = {
  brand: 'heic' | 'avif' | 'msf1' | 'avis'
  coded: Coded
  /** A grid of this many pictures across and down, of this size altogether. */
  grid?: { columns: number; rows: number; width: number; height: number }
  /** Turned against the clock, in quarters. */
  turned?: number
  /** Mirrored: 0 upside down, 1 left to right. */
  mirrored?: 0 | 1
  icc?: Buffer
  exif?: Buffer
  xmp?: Buffer
  thumbnail?: Coded
  name?: string
  /** Further boxes at the end of the file. */
  behind?: Buffer[]
  /** A size that is said and not there. */
  said?: { width: number; height: number }
}

/** Makes a HEIF file. */
export function heif(options: HeifOptions): Buffer {
  const properties: Buffer[] = []
  const property = (made: Buffer): number => properties.push(made)
  const size = (width: number, height: number): number =>
    property(fullBox('ispe', 0, 0, u32(width), u32(height)))
  const items: Item[] = []
  const { coded, grid, name = '' } = options
  const whole = options.said ?? grid ?? coded
  const colour = options.icc ? [property(box('colr', ascii('prof'), options.icc))] : []
  const turned = options.turned === undefined ? [] : [property(box('irot', u8(options.turned)))]
  const mirrored = options.mirrored === undefined ? [] : [property(box('imir', u8(options.mirrored)))]
  const wholeSize = size(whole.width, whole.height)
  const config = property(coded.config)
  const after = [...colour, ...turned, ...mirrored]
  if (grid) {
    const tile = size(coded.width, coded.height)
    const said = Buffer.concat([u8(0, 1, grid.rows - 1, grid.columns - 1), u32(grid.width), u32(grid.height)])
    items.push({ type: 'grid', data: said, properties: [wholeSize, ...after], name })
    for (let n = 0; n < grid.columns * grid.rows; n += 1) {
      items.push({ type: coded.type, data: coded.data, properties: [tile, config], name: '', part: true })
    }
  } else items.push({ type: coded.type, data: coded.data, properties: [wholeSize, config, ...after], name })
  const tiles = items.length - 1
  const references: Buffer[] = []
  const refer = (type: string, from: number, to: number[]): number =>
    references.push(box(type, u16(from), u16(to.length), ...to.map(u16)))
  if (tiles > 0)
    refer(
      'dimg',
      1,
      Array.from({ length: tiles }, (_, n) => n + 2),
    )
  const beside = (item: Item, type: string): void => {
    items.push(item)
    refer(type, items.length, [1])
  }
  if (options.thumbnail) {
    const { thumbnail } = options
    const said = [size(thumbnail.width, thumbnail.height), property(thumbnail.config)]
    beside({ type: thumbnail.type, data: thumbnail.data, properties: said, name: '' }, 'thmb')
  }
  if (options.exif) {
    const data = Buffer.concat([u32(6), ascii('Exif\0\0'), options.exif])
    beside({ type: 'Exif', data, properties: [], name: '' }, 'cdsc')
  }
  if (options.xmp) {
    beside({ type: 'mime', data: options.xmp, properties: [], name: '', mime: 'application/rdf+xml' }, 'cdsc')
  }
  return assemble(options, items, properties, references)
}

function assemble(options: HeifOptions, items: Item[], properties: Buffer[], references: Buffer[]): Buffer {
  const brands = options.brand === 'heic' ? ['mif1', 'heic'] : ['mif1', 'miaf', options.brand]
  const head = box('ftyp', ascii(options.brand), u32(0), ...brands.map(ascii))
  const entries = items.map((item, at) =>
    fullBox(
      'infe',
      2,
      item.part ? 1 : 0,
      u16(at + 1),
      u16(0),
      ascii(item.type),
      ascii(`${item.name}\0`),
      ascii(item.mime ? `${item.mime}\0` : ''),
    ),
  )
  const owned = items.map((item, at) => ({ at, item })).filter(({ item }) => item.properties.length > 0)
  const links = owned.map(({ at, item }) =>
    Buffer.concat([u16(at + 1), u8(item.properties.length), ...item.properties.map((one) => u8(0x80 | one))]),
  )
  const meta = (place: (item: number) => number): Buffer =>
    fullBox(
      'meta',
      0,
      0,
      fullBox('hdlr', 0, 0, u32(0), ascii('pict'), Buffer.alloc(12), ascii(`${options.name ?? ''}\0`)),
      fullBox('pitm', 0, 0, u16(1)),
      fullBox('iinf', 0, 0, u16(items.length), ...entries),
      ...(references.length > 0 ? [fullBox('iref', 0, 0, ...references)] : []),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 0, u32(owned.length), ...links)),
      fullBox(
        'iloc',
        0,
        0,
        u8(0x44, 0),
        u16(items.length),
        ...items.map((item, at) =>
          Buffer.concat([u16(at + 1), u16(0), u16(1), u32(place(at)), u32(item.data.length)]),
        ),
      ),
    )
  let offset = head.length + meta(() => 0).length + 8
  const places = items.map((item) => (offset += item.data.length) - item.data.length)
  const data = box('mdat', ...items.map((item) => item.data))
  return Buffer.concat([head, meta((at) => places[at] ?? 0), data, ...(options.behind ?? [])])
}
