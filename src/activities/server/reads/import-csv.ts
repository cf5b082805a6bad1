import { CsvError, parse } from 'csv-parse/sync'
import { contentOf, mostColumns, mostRows, type FileContent } from '#activities/import-columns.ts'
import { Refusal } from '#kernel/refusal.ts'

/** Answers whether a file begins as UTF-16, and which of the two; null for one byte after the other. */
export function wideOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const start = bytes.subarray(0, 1000)
  const empty = (odd: number): number => start.filter((byte, at) => at % 2 === odd && byte === 0).length
  // Latin letters in UTF-16 without its mark: every other byte is empty.
  if (first !== 0xef && third !== undefined && empty(1) > start.length * 0.3) return 'utf-16le'
  if (third !== undefined && empty(0) > start.length * 0.3) return 'utf-16be'
  return null
}

/** Answers the words of a file, whichever of UTF-8, UTF-16 or Windows-1252 it was saved in. */
export function wordsOf(bytes: Uint8Array): string {
  const wide = wideOf(bytes)
  if (wide !== null) return new TextDecoder(wide).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes)
    throw error
  }
}

/** Answers which of comma, semicolon and tab parts the first line; quoted ones do not count. */
export function separatorOf(words: string): string {
  const line = (/^[^\r\n]*/.exec(words)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (sign: string): number => line.split(sign).length
  return [';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',')
}

type Read = { line: number; cells: string[] }

function recordsOf(words: string, delimiter: string): Read[] {
  const records: Read[] = []
  try {
    parse(words, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 500_000,
      to: mostRows + 2,
      // Numbered as a spreadsheet does, which has one row for a cell of several lines and one for an empty line.
      on_record: (cells: string[], info) => {
        records.push({ line: info.records + info.empty_lines, cells })
        return null
      },
    })
    return records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
      const line = typeof error['lines'] === 'number' ? error['lines'] : 0
      throw new Refusal('invalid', 'import.wrong.quote', { line }, 'file')
    }
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw new Refusal('invalid', 'import.wrong.wide', {}, 'file')
    throw new Refusal('invalid', 'import.wrong.broken', {}, 'file')
  }
}

/** Reads a table of words: its first line names the columns. Refuses with the line what cannot be read, more than 10,000 rows and more than 200 columns. */
export function readCsv(bytes: Uint8Array): FileContent {
  let words = wordsOf(bytes).replaceAll('\0', '')
  const says = /^\uFEFF?sep=(.)\r?\n/i.exec(words)
  if (says) words = words.slice(says[0].length)
  const records = recordsOf(words, says?.[1] ?? separatorOf(words))
  const [head, ...rest] = records
  if (!head) throw new Refusal('invalid', 'import.wrong.empty', {}, 'file')
  return tableOf(
    'csv',
    head.cells,
    rest.map(({ line, cells }) => ({ line: line + (says ? 1 : 0), cells })),
  )
}

/** Answers a table's content; refuses one that is too long, too wide, without rows or without a known column. */
export function tableOf(
  format: 'csv' | 'xlsx',
  head: readonly string[],
  rows: readonly { line: number; cells: readonly string[] }[],
): FileContent {
  if (rows.length > mostRows) throw new Refusal('invalid', 'import.wrong.long', { most: mostRows }, 'file')
  if (head.length > mostColumns || rows.some((row) => row.cells.length > mostColumns)) {
    throw new Refusal('invalid', 'import.wrong.wide', { most: mostColumns }, 'file')
  }
  const content = contentOf(format, head, rows)
  if (content.at.title === undefined) throw new Refusal('invalid', 'import.wrong.columns', {}, 'file')
  if (content.rows.length === 0) throw new Refusal('invalid', 'import.wrong.empty', {}, 'file')
  return content
}
