import { Beside, checkSize, lettersAt, onlyZeros, wrong, type Look } from '#platform/server/images/look.ts'

type Size = { width: number; height: number }

function sizeIn(type: string, data: Buffer): Size | null {
  if (type === 'VP8X' && data.length >= 10) {
    return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 }
  }
  if (type === 'VP8 ' && data.length >= 10) {
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff }
  }
  if (type === 'VP8L' && data.length >= 5) {
    const bits = data.readUInt32LE(1)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  return null
}

function note(type: string, data: Buffer, beside: Beside): void {
  if (type === 'ANIM' || type === 'ANMF' || (type === 'VP8X' && ((data[0] ?? 0) & 2) !== 0)) {
    throw wrong('moves')
  }
  if (type.startsWith('VP8') || type === 'ALPH') return
  beside.add(data.length)
  if (type === 'ICCP') beside.addIcc(data.length)
  if (type === 'EXIF') beside.addExif(lettersAt(data, 0, 6) === 'Exif\0\0' ? data.subarray(6) : data)
}

/** Looks through a WebP: every chunk to the end that its head says, and that it is the end of the file. */
export function lookAtWebp(bytes: Buffer): Look {
  const beside = new Beside()
  const parts: string[] = []
  const end = bytes.readUInt32LE(4) + 8
  if (end > bytes.length) throw wrong('cut')
  if (!onlyZeros(bytes, end)) throw wrong('behind')
  let size: Size | null = null
  for (let at = 12; at < end;) {
    if (at + 8 > end) throw wrong('broken')
    const type = lettersAt(bytes, at)
    const length = bytes.readUInt32LE(at + 4)
    if (at + 8 + length > end) throw wrong('broken')
    const data = bytes.subarray(at + 8, at + 8 + length)
    parts.push(type)
    if (parts.length > 1000) throw wrong('heavy')
    note(type, data, beside)
    size ??= sizeIn(type, data)
    at += 8 + length + (length & 1)
  }
  const pictures = parts.filter((type) => type === 'VP8 ' || type === 'VP8L').length
  if (!size || pictures !== 1) throw wrong('broken')
  checkSize(size.width, size.height)
  return { type: 'webp', ...size, exif: beside.exif, parts }
}
