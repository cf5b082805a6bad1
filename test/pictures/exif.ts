// Writes the block of facts that cameras put into pictures (EXIF 2.32), with words of ours in every tag that holds words.

type Tag = { id: number; type: 2 | 3 | 4 | 5 | 7 | 1; value: Buffer; count: number }

const words = (id: number, of: string): Tag => {
  const value = Buffer.from(`${of}\0`, 'latin1')
  return { id, type: 2, value, count: value.length }
}
const bytes = (id: number, value: Buffer): Tag => ({ id, type: 7, value, count: value.length })
const wide = (id: number, of: string): Tag => {
  const value = Buffer.from(`${of}\0`, 'utf16le')
  return { id, type: 1, value, count: value.length }
}
const number = (id: number, type: 3 | 4, of: number): Tag => {
  const value = Buffer.alloc(4)
  if (type === 3) value.writeUInt16LE(of)
  else value.writeUInt32LE(of)
  return { id, type, value, count: 1 }
}

/** Writes a list of tags at a place; values that do not fit stand behind it. */
function list(at: number, tags: Tag[], next: number): Buffer {
  const sorted = tags.toSorted((one, other) => one.id - other.id)
  const head = Buffer.alloc(2 + sorted.length * 12 + 4)
  head.writeUInt16LE(sorted.length)
  const behind: Buffer[] = []
  let place = at + head.length
  for (const [n, tag] of sorted.entries()) {
    const entry = 2 + n * 12
    head.writeUInt16LE(tag.id, entry)
    head.writeUInt16LE(tag.type, entry + 2)
    head.writeUInt32LE(tag.count, entry + 4)
    if (tag.value.length <= 4) tag.value.copy(head, entry + 8)
    else {
      head.writeUInt32LE(place, entry + 8)
      const even = tag.value.length % 2 === 0 ? tag.value : Buffer.concat([tag.value, Buffer.alloc(1)])
      behind.push(even)
      place += even.length
    }
  }
  head.writeUInt32LE(next, head.length - 4)
  return Buffer.concat([head, ...behind])
}

export type ExifOptions = {
  orientation?: number
  /** "2026:10:20 11:12:13" */
  taken?: string
  /** Answers the next word to hide. */
  hide?: () => string
  thumbnail?: Buffer
}

/** Makes a block of facts: little-endian, with the lists of a camera, a place and a small picture. */
export function exif(options: ExifOptions = {}): Buffer {
  const { hide, thumbnail } = options
  const all = (make: (id: number, of: string) => Tag, ids: number[]): Tag[] =>
    hide ? ids.map((id) => make(id, hide())) : []
  const main = [
    ...(options.orientation ? [number(0x0112, 3, options.orientation)] : []),
    ...all(words, [0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x013c, 0x8298, 0x000b, 0x010d]),
    ...all(wide, [0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f]),
    ...(hide ? [bytes(0x83bb, Buffer.from(hide())), bytes(0x02bc, Buffer.from(hide()))] : []),
  ]
  const facts = [
    ...(options.taken ? [words(0x9003, options.taken)] : []),
    ...all(words, [0x9004, 0xa420, 0xa430, 0xa431, 0xa433, 0xa434, 0xa435, 0x9290, 0x8824, 0xa40b]),
    ...(hide
      ? [bytes(0x927c, Buffer.from(`Maker\0${hide()}`)), bytes(0x9286, Buffer.from(`ASCII\0\0\0${hide()}`))]
      : []),
  ]
  const place = [
    ...(hide ? [bytes(0x001b, Buffer.from(`ASCII\0\0\0${hide()}`)), bytes(0x001c, Buffer.from(hide()))] : []),
    ...all(words, [0x0008, 0x0012, 0x001d]),
    words(0x0001, 'N'),
    {
      id: 0x0002,
      type: 5 as const,
      count: 3,
      value: Buffer.from('3500000001000000220000000100000008000000010000', 'hex'),
    },
  ]
  const pointers = [number(0x8769, 4, 0), number(0x8825, 4, 0)]
  const size = (tags: Tag[]): number => list(0, tags, 0).length
  const factsAt = 8 + size([...main, ...pointers])
  const placeAt = factsAt + size(facts)
  const smallAt = placeAt + size(place)
  const small = thumbnail
    ? [number(0x0103, 3, 6), number(0x0201, 4, 0), number(0x0202, 4, thumbnail.length)]
    : []
  const thumbnailAt = smallAt + size(small)
  const whole = [...main, number(0x8769, 4, factsAt), number(0x8825, 4, placeAt)]
  const head = Buffer.from('II*\0\x08\0\0\0', 'latin1')
  const parts = [
    head,
    list(8, whole, thumbnail ? smallAt : 0),
    list(factsAt, facts, 0),
    list(placeAt, place, 0),
  ]
  if (thumbnail) {
    parts.push(list(smallAt, [small[0]!, number(0x0201, 4, thumbnailAt), small[2]!], 0), thumbnail)
  }
  return Buffer.concat(parts)
}
