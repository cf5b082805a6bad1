import { lettersAt, wrong } from '#platform/server/images/look.ts'

/** A box of the family of MP4: what it is called, and where what is in it begins and ends. */
export type Box = { type: string; from: number; to: number; start: number }

/** Reads the head of a box; null where none can be. */
function boxAt(bytes: Buffer, at: number, end: number): Box | null {
  if (at + 8 > end) return null
  const type = lettersAt(bytes, at + 4)
  if (!/^[\x20-\x7e]{4}$/.test(type)) return null
  const said = bytes.readUInt32BE(at)
  if (said === 0) return { type, start: at, from: at + 8, to: end }
  if (said !== 1) return said < 8 ? null : { type, start: at, from: at + 8, to: at + said }
  if (at + 16 > end) return null
  const large = Number(bytes.readBigUInt64BE(at + 8))
  return large < 16 ? null : { type, start: at, from: at + 16, to: at + large }
}

/** Answers every box between two places; refuses one that does not end inside. */
export function boxesIn(bytes: Buffer, from: number, end: number): Box[] {
  const boxes: Box[] = []
  for (let at = from; at < end;) {
    const box = boxAt(bytes, at, end)
    if (!box || box.to > end || boxes.length > 10_000) throw wrong('broken')
    boxes.push(box)
    at = box.to
  }
  return boxes
}

/** The boxes that may stand at the top of a file with a still picture. "mpvd" is the short film of some phones. */
const known = new Set([
  'ftyp',
  'meta',
  'mdat',
  'free',
  'skip',
  'wide',
  'idat',
  'uuid',
  'mpvd',
  'moov',
  'moof',
  'pict',
])

/** Answers the boxes at the top of a file: a known one that does not end inside was cut off, anything else is no part of a picture. */
export function topBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at < bytes.length;) {
    const box = boxAt(bytes, at, bytes.length)
    if (!box || !known.has(box.type)) throw wrong(boxes.length > 1 ? 'behind' : 'broken')
    if (box.to > bytes.length) throw wrong('cut')
    boxes.push(box)
    at = box.to
  }
  return boxes
}

/** Answers where boxes that begin at a place end; null when one of them does not end inside. */
export function boxesEnd(bytes: Buffer, from: number): number | null {
  let at = from
  while (at < bytes.length) {
    const box = boxAt(bytes, at, bytes.length)
    if (!box || box.to > bytes.length) break
    at = box.to
  }
  return at > from ? at : null
}
