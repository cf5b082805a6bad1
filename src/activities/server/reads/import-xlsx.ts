import { inflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { readSheet } from 'read-excel-file/node'
import { lettersOf } from '#activities/import-cells.ts'
import { mostColumns, mostRows, type FileContent } from '#activities/import-columns.ts'
import { tableOf } from '#activities/server/reads/import-csv.ts'
import { Refusal } from '#kernel/refusal.ts'

/** What all parts of a workbook may hold together once unpacked, bytes; 10,000 full rows are about 15 MB. */
export const mostUnpacked = 60 * 1024 * 1024
const mostParts = 2000

const broken = (): Refusal => new Refusal('invalid', 'import.wrong.workbook', {}, 'file')
const large = (): Refusal => new Refusal('invalid', 'import.wrong.unpacked', {}, 'file')

type Part = { name: string; method: number; packed: number; size: number; at: number }

/** The parts that the directory at the end of the file names. */
function directoryOf(file: Buffer): Part[] {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > file.length) throw broken()
  const count = file.readUInt16LE(end + 10)
  let at = file.readUInt32LE(end + 16)
  if (count > mostParts) throw large()
  const parts: Part[] = []
  for (let one = 0; one < count; one += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== 0x02014b50) throw broken()
    const [name, extra, words] = [28, 30, 32].map((place) => file.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ]
    parts.push({
      name: file.toString('utf8', at + 46, at + 46 + name),
      method: file.readUInt16LE(at + 10),
      packed: file.readUInt32LE(at + 20),
      size: file.readUInt32LE(at + 24),
      at: file.readUInt32LE(at + 42),
    })
    at += 46 + name + extra + words
  }
  return parts
}

/** Unpacks the parts that hold words, never more than was allowed, whatever the file says of its sizes. */
function unpack(file: Buffer): Record<string, Uint8Array> {
  const parts = directoryOf(file)
  if (parts.reduce((sum, part) => sum + part.size, 0) > mostUnpacked) throw large()
  const unpacked: Record<string, Uint8Array> = {}
  let left = mostUnpacked
  for (const part of parts) {
    if (!/\.(xml|rels)$/i.test(part.name) || part.name.includes('..')) continue
    if (part.at + 30 > file.length || file.readUInt32LE(part.at) !== 0x04034b50) throw broken()
    const start = part.at + 30 + file.readUInt16LE(part.at + 26) + file.readUInt16LE(part.at + 28)
    const packed = file.subarray(start, start + part.packed)
    const bytes = part.method === 0 ? packed : inflate(packed, left, part.method)
    left -= bytes.length
    if (left < 0) throw large()
    unpacked[part.name] = bytes
  }
  return unpacked
}

function inflate(packed: Buffer, most: number, method: number): Buffer {
  if (method !== 8) throw broken()
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    if (error instanceof RangeError) throw large()
    throw broken()
  }
}

/** Takes out of a sheet what says nothing (cells and rows that are only coloured), and refuses one whose cells lie too far out. */
function trimSheet(bytes: Uint8Array): Uint8Array {
  const words = Buffer.from(bytes)
    .toString('utf8')
    .replace(/<dimension\b[^>]*\/>|<c\b[^>]*\/>/g, '')
    .replace(/<row\b[^>]*?(?:\/>|>\s*<\/row>)/g, '')
  const letters = lettersOf(mostColumns).length
  for (const [, column = '', row = ''] of words.matchAll(/<c\b[^>]*?\br="([A-Za-z]{1,9})(\d{1,9})"/g)) {
    if (Number(row) > mostRows * 3)
      throw new Refusal('invalid', 'import.wrong.long', { most: mostRows }, 'file')
    if (column.length > letters || numberOf(column) > mostColumns) {
      throw new Refusal('invalid', 'import.wrong.wide', { most: mostColumns }, 'file')
    }
  }
  return Buffer.from(words)
}

const numberOf = (letters: string): number =>
  Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

/** A cell as words: days as 2027-10-19, times as 10:00, both with a space between. */
function say(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (!(cell instanceof Date)) return typeof cell === 'string' ? cell : JSON.stringify(cell)
  if (Number.isNaN(cell.getTime())) return ''
  const minute = new Date(Math.round(cell.getTime() / 60_000) * 60_000).toISOString()
  if (minute < '1901') return minute.slice(11, 16)
  return minute.slice(11, 16) === '00:00'
    ? minute.slice(0, 10)
    : `${minute.slice(0, 10)} ${minute.slice(11, 16)}`
}

/** Reads the first sheet of a workbook; formulas count by the value that was kept of them. Refuses what is no workbook, what unpacks to more than 60 MB, and what a table may not be. */
export async function readXlsx(bytes: Uint8Array): Promise<FileContent> {
  const parts = unpack(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  for (const name of Object.keys(parts)) {
    if (/^\/?xl\/worksheets\/[^/]+\.xml$/i.test(name))
      parts[name] = trimSheet(parts[name] ?? new Uint8Array())
  }
  let cells: unknown[][]
  try {
    cells = await readSheet(Buffer.from(zipSync(parts, { level: 0 })))
  } catch (error) {
    // Whatever the reader stumbled over: to whoever gave the file it is one that cannot be read.
    if (error instanceof Error) throw new Refusal('invalid', 'import.wrong.workbook', {}, 'file')
    throw error
  }
  const rows = cells.map((row, at) => ({ line: at + 1, cells: row.map(say) }))
  const first = rows.findIndex((row) => row.cells.some((cell) => cell !== ''))
  const head = rows[first]
  if (!head) throw new Refusal('invalid', 'import.wrong.empty', {}, 'file')
  const rest = rows.slice(first + 1).filter((row) => row.cells.some((cell) => cell !== ''))
  return tableOf('xlsx', head.cells, rest)
}
