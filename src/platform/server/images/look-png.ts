import { crc32, inflateSync } from 'node:zlib'
import { Beside, checkSize, lettersAt, onlyZeros, wrong, type Look } from '#platform/server/images/look.ts'

/** The most that one packed text or colour profile may unpack to, bytes. */
const mostUnpacked = 4 * 1024 * 1024
const mostChunks = 100_000

/** Refuses what unpacks to far more than it says something with. */
function checkPacked(packed: Buffer): void {
  try {
    inflateSync(packed, { maxOutputLength: mostUnpacked })
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw wrong(large ? 'heavy' : 'broken')
  }
}

/** Answers where the words of a text begin: behind its name and, for some, its language. */
const packedPart = (type: string, data: Buffer): Buffer | null => {
  const name = data.indexOf(0)
  if (type === 'zTXt' || type === 'iCCP') return data.subarray(name + 2)
  if (type !== 'iTXt' || data[name + 1] !== 1) return null
  const language = data.indexOf(0, name + 3)
  return data.subarray(data.indexOf(0, language + 1) + 1)
}

function note(type: string, data: Buffer, beside: Beside): void {
  if (type === 'acTL' || type === 'fcTL' || type === 'fdAT') throw wrong('moves')
  const isPicture = type === 'IDAT' || type === 'PLTE' || type === 'IHDR'
  if (!isPicture) beside.add(data.length)
  if (type === 'eXIf') beside.addExif(data)
  if (type === 'iCCP') beside.addIcc(data.length)
  const packed = packedPart(type, data)
  if (packed) checkPacked(packed)
}

/** Looks through a PNG: every chunk with its sum, to the last one. */
export function lookAtPng(bytes: Buffer): Look {
  const beside = new Beside()
  const parts: string[] = []
  let size: { width: number; height: number } | null = null
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) throw wrong('cut')
    const length = bytes.readUInt32BE(at)
    const type = lettersAt(bytes, at + 4)
    const end = at + 12 + length
    if (!/^[A-Za-z]{4}$/.test(type)) throw wrong('broken')
    if (end > bytes.length) throw wrong('cut')
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw wrong('broken')
    const data = bytes.subarray(at + 8, end - 4)
    if (!size) {
      if (type !== 'IHDR' || length !== 13) throw wrong('broken')
      size = { width: data.readUInt32BE(0), height: data.readUInt32BE(4) }
      checkSize(size.width, size.height)
    }
    parts.push(type)
    if (parts.length > mostChunks) throw wrong('heavy')
    note(type, data, beside)
    at = end
    if (type !== 'IEND') continue
    if (!onlyZeros(bytes, at)) throw wrong('behind')
    return { type: 'png', ...size, exif: beside.exif, parts }
  }
}
