import * as v from 'valibot'
import { email as emailShape } from '#kernel/input.ts'
import { partedAddress } from '#letters/address.ts'
import type { LeftKey, LeftOut, Sort } from '#letters/directory.ts'
import { cleanLine, cleanText, plainWords } from '#kernel/words.ts'

/** A row as a source has it: its key, and its fields in one shape that is compared with what stands in the directory. Nothing that is empty is in it. */
export type Staged = {
  sort: Sort | 'redirect'
  key: string
  data: Record<string, string>
  /** Where it stands in the file. */
  line: number
  /** Something of a row of the file, which comes in without it. */
  part: boolean
}

export type Piece = { rows: Staged[]; leftOut: LeftOut[] }

/** Says that a row cannot be brought in as it stands; the row is counted, shown and left out. */
export class Unfit extends Error {
  readonly key: LeftKey
  readonly params: LeftOut['params']
  constructor(key: LeftKey, params: LeftOut['params'] = {}) {
    super(key)
    this.key = key
    this.params = params
  }
}

/** Answers the fields that hold something, each cleaned; refuses a field longer than its column. */
export function fieldsOf(
  given: Record<string, { is: unknown; most: number; lines?: boolean }>,
): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [name, { is, most, lines = false }] of Object.entries(given)) {
    if (typeof is !== 'string' && typeof is !== 'number') continue
    const words = lines ? cleanText(String(is)) : cleanLine(String(is))
    if (words.length > most) throw new Unfit('directory.left.long', { field: name, most })
    if (words !== '') fields[name] = words
  }
  return fields
}

/** Answers a name as a part of a key, in any script. */
export const keyPart = (words: string): string => plainWords(words).replaceAll(' ', '-')

/** Answers the day a source means; of a year or a month alone its first day, or its last where something ends. */
export function dayIn(given: unknown, end: boolean): string | undefined {
  if (typeof given !== 'string' || given.trim() === '') return undefined
  const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T.*)?$/.exec(given.trim())
  if (!found) throw new Unfit('directory.left.day', { day: given.slice(0, 40) })
  const [, year = '', month, date] = found
  if (year === '9999') return undefined
  const whole = `${year}-${month ?? (end ? '12' : '01')}-${date ?? '01'}`
  const moment = new Date(`${whole}T00:00:00Z`)
  if (Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== whole) {
    throw new Unfit('directory.left.day', { day: given.slice(0, 40) })
  }
  if (date !== undefined || !end) return whole
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}

/** Answers an e-mail of a source as it is written to; null when it is none. */
export function emailIn(given: string): string | null {
  const read = v.safeParse(emailShape, given.replace(/^mailto:/i, ''))
  return read.success ? read.output : null
}

/** Says that an e-mail was left out of a row that comes in without it. */
export const noEmail = (given: string, line: number): LeftOut => ({
  line,
  key: 'directory.left.email',
  params: { email: cleanLine(given).slice(0, 80) },
  part: true,
})

/** Answers an address of a source as the lines on which it is printed. */
export const addressIn = (given: string): string => {
  const lines = cleanText(given)
    .split('\n')
    .flatMap((one) => one.trim() || [])
  return (lines.length > 1 ? lines : partedAddress(given)).join('\n')
}
