import type { Day } from '#kernel/times.ts'

type Entry = { type: number; count: number; at: number }

/** Reads one list of a block of facts: tag → where its value stands. Stops at whatever does not fit. */
function readList(
  exif: Buffer,
  at: number,
  read: { u16: (at: number) => number; u32: (at: number) => number },
) {
  const entries = new Map<number, Entry>()
  if (at < 8 || at + 2 > exif.length) return entries
  const count = Math.min(read.u16(at), 200)
  for (let n = 0; n < count; n += 1) {
    const entry = at + 2 + n * 12
    if (entry + 12 > exif.length) break
    entries.set(read.u16(entry), { type: read.u16(entry + 2), count: read.u32(entry + 4), at: entry + 8 })
  }
  return entries
}

/** Answers the day on which a picture was taken, as its camera wrote it down, or null. */
export function dayTaken(exif: Buffer | null): Day | null {
  if (!exif || exif.length < 16) return null
  const little = exif.toString('latin1', 0, 2) === 'II'
  const read = {
    u16: (at: number) => (little ? exif.readUInt16LE(at) : exif.readUInt16BE(at)),
    u32: (at: number) => (little ? exif.readUInt32LE(at) : exif.readUInt32BE(at)),
  }
  if (read.u16(2) !== 42) return null
  const facts = readList(exif, read.u32(4), read).get(0x8769)
  const taken = facts && readList(exif, read.u32(facts.at), read).get(0x9003)
  if (!taken || taken.type !== 2 || taken.count < 10) return null
  const at = read.u32(taken.at)
  if (at + 10 > exif.length) return null
  const [, year, month, day] = /^(\d{4}):(\d\d):(\d\d)/.exec(exif.toString('latin1', at, at + 10)) ?? []
  const written = `${year}-${month}-${day}`
  const date = new Date(`${written}T00:00:00Z`)
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(written)
  return isDay && Number(year) > 1980 ? written : null
}
