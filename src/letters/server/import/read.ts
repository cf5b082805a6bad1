import { CsvError, parse } from 'csv-parse'
import { Readable } from 'node:stream'
import { separatorOf, wideOf } from '#activities/server/reads/import-csv.ts'
import { guessChoices } from '#letters/directory-columns.ts'
import type { Choices } from '#letters/directory.ts'
import { JsonPieces } from '#letters/server/import/json-pieces.ts'
import { Popolo } from '#letters/server/import/popolo.ts'
import type { Piece } from '#letters/server/import/staged.ts'
import { People } from '#letters/server/import/table.ts'
import { Refusal } from '#kernel/refusal.ts'

/** A file, read from its beginning as often as it is asked for. */
export type Bytes = () => AsyncIterable<Buffer>

export type Format = 'popolo' | 'csv'

/** How spreadsheets, archives, pictures and PDFs begin, in Latin-1. */
const noWords = /^(?:PK|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff|GIF8|%PDF)/

/** Answers whether bytes are no text: one in twenty is a control character. A stray one here and there is only left out. */
const isNoText = (bytes: Buffer): boolean => {
  const odd = bytes.reduce((sum, byte) => (byte < 9 || (byte > 13 && byte < 32) ? sum + 1 : sum), 0)
  return odd * 20 > bytes.length
}

/** Answers what a file is by its first letter: an object of JSON, or a table. Refuses what has no words in it, and what is called JSON and is none. */
export async function formatOf(bytes: Bytes, name: string): Promise<Format> {
  for await (const part of bytes()) {
    const start = part
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .trimStart()
    if (noWords.test(start)) throw new Refusal('invalid', 'directory.wrong.sort', {}, 'file')
    if (start === '') continue
    if (wideOf(part) === null && isNoText(part))
      throw new Refusal('invalid', 'directory.wrong.sort', {}, 'file')
    if (/^[{[]/.test(start)) return 'popolo'
    if (/\.json$/i.test(name)) throw new Refusal('invalid', 'directory.wrong.not-json', {}, 'file')
    return 'csv'
  }
  throw new Refusal('invalid', 'directory.wrong.empty', {}, 'file')
}

/** Reads a Popolo file, one element at a time. Refuses broken JSON with its line. */
export async function* readPopolo(bytes: Bytes, as: { scheme: string; nation: string | null }) {
  const pieces = new JsonPieces()
  const popolo = new Popolo(as.scheme, as.nation)
  for await (const part of bytes()) {
    for (const piece of pieces.take(part)) yield popolo.rowsOf(piece)
  }
  pieces.end()
}

/** What the head of a table says: its columns, its first rows, and what they seem to be. */
export type Head = { headers: string[]; first: string[][]; guessed: Choices }

/** Answers the columns of a table and its first five rows. Refuses what has no rows. */
export async function headOf(bytes: Bytes): Promise<Head> {
  let headers: string[] | null = null
  const first: string[][] = []
  for await (const { cells } of recordsOf(bytes)) {
    if (headers === null) headers = cells
    else first.push(cells)
    if (first.length === 5) break
  }
  if (headers === null || first.length === 0)
    throw new Refusal('invalid', 'directory.wrong.empty', {}, 'file')
  return { headers, first, guessed: guessChoices(headers, first) }
}

/** Reads a table, one row at a time. Refuses a broken one with its line. */
export async function* readTable(
  bytes: Bytes,
  as: { scheme: string; choices: Choices },
): AsyncGenerator<Piece> {
  const people = new People(as.scheme, as.choices)
  let named: number | null = null
  for await (const { cells, line } of recordsOf(bytes)) {
    if (named === null) named = widthOf(cells)
    else yield fits(cells, named) ? people.rowsOf(cells, line) : misfit(cells, named, line)
  }
}

/** How many columns a row has, without empty ones at its end. */
const widthOf = (cells: readonly string[]): number => cells.findLastIndex((cell) => cell.trim() !== '') + 1

/** A row with fewer columns than the first one, or with something beyond its last: what stands in it may stand in the wrong place. */
const fits = (cells: readonly string[], named: number): boolean =>
  cells.length >= named && widthOf(cells) <= named

const misfit = (cells: readonly string[], named: number, line: number): Piece => {
  const found = Math.max(Math.min(cells.length, named), widthOf(cells))
  return { rows: [], leftOut: [{ line, key: 'directory.left.columns', params: { found, named } }] }
}

async function decoderFor(bytes: Bytes): Promise<{ encoding: string; separator: string }> {
  let encoding: string | null = null
  let start = ''
  const strict = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const part of bytes()) {
      if (encoding === null) {
        encoding = wideOf(part) ?? 'utf-8'
        start = new TextDecoder(encoding).decode(part.subarray(0, 65_536))
        if (encoding !== 'utf-8') break
      }
      strict.decode(part, { stream: true })
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    encoding = 'windows-1252'
  }
  return { encoding: encoding ?? 'utf-8', separator: separatorOf(start) }
}

async function* wordsIn(bytes: Bytes, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const part of bytes()) yield decoder.decode(part, { stream: true }).replaceAll('\0', '')
  yield decoder.decode()
}

async function* recordsOf(bytes: Bytes): AsyncGenerator<{ cells: string[]; line: number }> {
  const { encoding, separator } = await decoderFor(bytes)
  const parser = parse({
    delimiter: separator,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: 500_000,
  })
  const source = Readable.from(wordsIn(bytes, encoding))
  source.on('error', (error) => parser.destroy(error)).pipe(parser)
  let line = 1
  try {
    for await (const read of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: read.record, line }
      line = read.info.lines + 1
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Refusal('invalid', 'directory.wrong.csv', { line }, 'file')
  } finally {
    source.destroy()
    parser.destroy()
  }
}
