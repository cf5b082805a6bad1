import { Beside, checkSize, lettersAt, onlyZeros, wrong, type Look } from '#platform/server/images/look.ts'
import { boxesEnd } from '#platform/server/images/boxes.ts'

/** How many further pictures cameras put behind one: a brightness map, a depth map, a large preview. */
const mostBehind = 8

type Frame = { width: number; height: number }
type Walked = { end: number; frame: Frame; parts: string[] }

/** Answers where the next marker is, behind the coded lines of a scan. */
function afterScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  throw wrong('cut')
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

function frameIn(bytes: Buffer, marker: number, at: number): Frame {
  // Baseline, extended and progressive; the others are neither in phones nor in browsers.
  if (marker > 0xc2 || bytes.length < at + 8) throw wrong('broken')
  return { height: bytes.readUInt16BE(at + 3), width: bytes.readUInt16BE(at + 5) }
}

function noteApp(bytes: Buffer, marker: number, span: [number, number], beside: Beside): string {
  const [at, end] = span
  const name = lettersAt(bytes, at + 2, Math.min(28, end - at - 2)).split('\0')[0] ?? ''
  beside.add(end - at)
  if (marker === 0xe1 && name === 'Exif') beside.addExif(bytes.subarray(at + 8, end))
  if (marker === 0xe2 && name === 'ICC_PROFILE') beside.addIcc(end - at)
  return `APP${marker - 0xe0} ${name}`
}

/** Walks one JPEG from its first marker to its last. */
function walk(bytes: Buffer, start: number, beside: Beside): Walked {
  const parts: string[] = []
  let frame: Frame | null = null
  let scans = 0
  for (let at = start + 2; ;) {
    if (at + 2 > bytes.length) throw wrong('cut')
    if (bytes[at] !== 0xff) throw wrong('broken')
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xd9) {
      if (!frame || scans === 0) throw wrong('broken')
      return { end: at + 2, frame, parts }
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) throw wrong('broken')
    if (at + 4 > bytes.length) throw wrong('cut')
    const length = bytes.readUInt16BE(at + 2)
    const end = at + 2 + length
    if (length < 2) throw wrong('broken')
    if (end > bytes.length) throw wrong('cut')
    if (isFrame(marker)) {
      if (frame) throw wrong('broken')
      frame = frameIn(bytes, marker, at + 2)
      parts.push('SOF')
    } else if (marker >= 0xe0 && marker <= 0xef) {
      parts.push(noteApp(bytes, marker, [at + 2, end], beside))
    } else {
      parts.push(marker.toString(16))
      if (marker === 0xfe) beside.add(length)
    }
    if (marker === 0xda) scans += 1
    at = marker === 0xda ? afterScan(bytes, end) : end
  }
}

/** Answers whether what is left is the list that Samsung's phones write behind a picture: the end says where it begins. */
function isSamsungs(bytes: Buffer, from: number): boolean {
  const end = bytes.length
  if (end - from < 20 || lettersAt(bytes, end - 4) !== 'SEFT') return false
  const list = end - 8 - bytes.readUInt32LE(end - 8)
  if (list < from || lettersAt(bytes, list) !== 'SEFH') return false
  const count = bytes.readUInt32LE(list + 8)
  if (count > 100 || list + 12 + count * 12 > end - 8) return false
  let first = list
  for (let n = 0; n < count; n += 1) {
    first = Math.min(first, list - bytes.readUInt32LE(list + 12 + n * 12 + 4))
  }
  return first === from
}

/** Looks at what follows a picture: what cameras are known to put there may stay (it is never served), anything else is refused. */
function lookBehind(bytes: Buffer, start: number, beside: Beside): void {
  let at = start
  for (let count = 0; at < bytes.length && !onlyZeros(bytes, at); count += 1) {
    if (count > mostBehind) throw wrong('behind')
    const next = afterZeros(bytes, at)
    if (bytes[next] === 0xff && bytes[next + 1] === 0xd8 && bytes[next + 2] === 0xff) {
      const { end } = walk(bytes, next, new Beside())
      beside.add(end - next)
      at = end
      continue
    }
    // The length of a box begins with zeros.
    const film = [next - 3, next - 2, next - 1, next].find(
      (place) => place >= at && lettersAt(bytes, place + 4) === 'ftyp',
    )
    const filmEnd = film === undefined ? null : boxesEnd(bytes, film)
    if (filmEnd === null) {
      if (isSamsungs(bytes, at)) return
      throw wrong('behind')
    }
    at = filmEnd
  }
}

const afterZeros = (bytes: Buffer, from: number): number => {
  let at = from
  while (bytes[at] === 0) at += 1
  return at
}

/** Looks through a JPEG: every marker to the last, and what follows. */
export function lookAtJpeg(bytes: Buffer): Look {
  const beside = new Beside()
  const { end, frame, parts } = walk(bytes, 0, beside)
  checkSize(frame.width, frame.height)
  if (end < bytes.length) {
    lookBehind(bytes, end, beside)
    parts.push('behind')
  }
  return { type: 'jpeg', ...frame, exif: beside.exif, parts }
}
