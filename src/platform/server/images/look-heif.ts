import { boxesIn, topBoxes, type Box } from '#platform/server/images/boxes.ts'
import { Beside, checkSize, lettersAt, wrong, type Look } from '#platform/server/images/look.ts'

type Item = { type: string; name: string; spans: [number, number][] }

const child = (bytes: Buffer, box: Box, type: string, skip = 0): Box | undefined =>
  boxesIn(bytes, box.from + skip, box.to).find((one) => one.type === type)

/** Reads numbers one after the other; a list that says it is longer than it is was made wrong. */
class Reader {
  readonly #bytes: Buffer
  readonly #end: number
  at: number

  constructor(bytes: Buffer, box: Box) {
    this.#bytes = bytes
    this.at = box.from
    this.#end = box.to
  }

  number(size: number): number {
    if (size === 0) return 0
    if (this.at + size > this.#end) throw wrong('broken')
    const value =
      size === 8 ? Number(this.#bytes.readBigUInt64BE(this.at)) : this.#bytes.readUIntBE(this.at, size)
    this.at += size
    return value
  }
}

/** Reads which items there are: what each is, and its name. */
function readItems(bytes: Buffer, iinf: Box): Map<number, Item> {
  const items = new Map<number, Item>()
  const skip = bytes[iinf.from] === 0 ? 6 : 8
  for (const infe of boxesIn(bytes, iinf.from + skip, iinf.to)) {
    const read = new Reader(bytes, infe)
    const version = read.number(1)
    read.number(3)
    if (version < 2) continue
    const id = read.number(version === 2 ? 2 : 4)
    read.number(2)
    const type = lettersAt(bytes, read.at)
    const words = bytes.toString('latin1', read.at + 4, infe.to).replace(/\0.*$/s, '')
    items.set(id, { type, name: words, spans: [] })
  }
  return items
}

/** Reads where each item lies; refuses one that lies outside of the file. */
function readPlaces(bytes: Buffer, iloc: Box, idat: Box | undefined, items: Map<number, Item>): void {
  const read = new Reader(bytes, iloc)
  const version = read.number(1)
  read.number(3)
  const sizes = read.number(2)
  const [offset, length, base, index] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, sizes & 15]
  const count = read.number(version < 2 ? 2 : 4)
  for (let n = 0; n < count; n += 1) {
    const id = read.number(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : read.number(2) & 15
    read.number(2)
    const start = read.number(base)
    const extents = read.number(2)
    for (let part = 0; part < extents; part += 1) {
      if (version > 0) read.number(index)
      const from = start + read.number(offset) + (method === 1 ? (idat?.from ?? 0) : 0)
      const to = from + read.number(length)
      if (method > 1) throw wrong('broken')
      if (to > (method === 1 ? (idat?.to ?? 0) : bytes.length)) throw wrong('cut')
      items.get(id)?.spans.push([from, to])
    }
  }
}

function sizesIn(
  bytes: Buffer,
  iprp: Box,
  parts: string[],
  beside: Beside,
): { width: number; height: number }[] {
  const ipco = child(bytes, iprp, 'ipco')
  if (!ipco) throw wrong('broken')
  return boxesIn(bytes, ipco.from, ipco.to).flatMap((box) => {
    parts.push(box.type === 'colr' ? `colr ${lettersAt(bytes, box.from)}` : box.type)
    if (box.type === 'colr') beside.addIcc(box.to - box.from)
    beside.add(box.to - box.from)
    if (box.type !== 'ispe' || box.to - box.from < 12) return []
    return [{ width: bytes.readUInt32BE(box.from + 4), height: bytes.readUInt32BE(box.from + 8) }]
  })
}

/** Takes the block of facts out of its item: behind the number that says where it begins. */
function exifOf(bytes: Buffer, items: Map<number, Item>): Buffer | null {
  const item = [...items.values()].find((one) => one.type === 'Exif')
  if (!item) return null
  const data = Buffer.concat(item.spans.map(([from, to]) => bytes.subarray(from, to)))
  if (data.length < 8) return null
  const start = 4 + data.readUInt32BE(0)
  return start < data.length ? data.subarray(start) : null
}

const moving = new Set(['avis', 'msf1', 'hevc', 'hevx', 'hevm', 'hevs'])

function typeOf(items: Map<number, Item>, primary: number): 'heic' | 'avif' {
  const types = new Set([...items.values()].map((item) => item.type))
  const main = items.get(primary)?.type
  if (main === 'av01') return 'avif'
  if (main === 'hvc1') return 'heic'
  if (main !== 'grid' && main !== 'iden') throw wrong('kind')
  if (types.has('hvc1')) return 'heic'
  if (types.has('av01')) return 'avif'
  throw wrong('kind')
}

function primaryOf(bytes: Buffer, pitm: Box): number {
  const read = new Reader(bytes, pitm)
  const version = read.number(1)
  read.number(3)
  return read.number(version === 0 ? 2 : 4)
}

/** Looks through a HEIC or AVIF: every box, every item and where it lies. */
export function lookAtHeif(bytes: Buffer): Look {
  const beside = new Beside()
  const top = topBoxes(bytes)
  const parts = top.map((box) => box.type)
  const meta = top.find((box) => box.type === 'meta')
  if (moving.has(lettersAt(bytes, 8)) || parts.includes('moov') || parts.includes('moof'))
    throw wrong('moves')
  if (!meta) throw wrong('broken')
  const find = (type: string): Box | undefined => child(bytes, meta, type, 4)
  const [iinf, iloc, iprp, pitm, idat, hdlr] = ['iinf', 'iloc', 'iprp', 'pitm', 'idat', 'hdlr'].map(find)
  if (!iinf || !iloc || !iprp || !pitm) throw wrong('broken')
  const items = readItems(bytes, iinf)
  readPlaces(bytes, iloc, idat, items)
  const sizes = sizesIn(bytes, iprp, parts, beside)
  for (const size of sizes) checkSize(size.width, size.height)
  const largest = sizes.toSorted((one, other) => other.width * other.height - one.width * one.height)[0]
  if (!largest) throw wrong('broken')
  for (const item of items.values()) {
    parts.push(`item ${item.type}${item.name ? ' named' : ''}`)
    const size = item.spans.reduce((sum, [from, to]) => sum + to - from, 0)
    if (item.type === 'Exif' || item.type === 'mime' || item.type === 'uri ') beside.add(size)
  }
  if (hdlr && !/^\0*$/.test(bytes.toString('latin1', hdlr.from + 24, hdlr.to))) parts.push('hdlr named')
  const exif = exifOf(bytes, items)
  if (exif) beside.addExif(exif)
  return { type: typeOf(items, primaryOf(bytes, pitm)), ...largest, exif: beside.exif, parts }
}
