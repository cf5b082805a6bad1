import { westernDigits } from '#kernel/input.ts'
import { addDays, realDay, type Day } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

/** Which of two numbers in "03/04/2027" is the day. */
export const dateOrders = ['day-first', 'month-first'] as const
export type DateOrder = (typeof dateOrders)[number]

/** A day that was read, with the time or the instant that stood behind it; "ask" when two days are possible; null when it is none. */
export type ReadDay = { day: Day; time: string | null; instant: Date | null } | 'ask' | null

const months = new Map<string, number>()
for (const language of ['en', 'cy', 'da', 'de', 'es', 'fr'])
  for (const month of ['long', 'short'] as const) {
    const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' })
    for (let at = 0; at < 12; at += 1)
      months.set(plainWords(format.format(new Date(Date.UTC(2027, at, 15)))), at + 1)
  }
months.set('sept', 9)

const two = (number: number | string): string => String(number).padStart(2, '0')
const year = (words: string): string => (words.length === 2 ? `20${words}` : words)
const dayOf = (y: string, m: number | string, d: number | string): Day | null => {
  const day = `${year(y)}-${two(m)}-${two(d)}`
  return realDay(day) ? day : null
}

/** A spreadsheet counts the days from the last of 1899. */
const serial = (words: string): Day | null =>
  /^[3-7]\d{4}$/.test(words) ? addDays('1899-12-30', Number(words)) : null

function slashed(words: string, order: DateOrder | null): string | null {
  const found = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(words)
  if (!found) return null
  const [, first = '', sign, second = '', y = ''] = found
  if (sign === '.') return dayOf(y, second, first)
  if (Number(first) > 12) return dayOf(y, second, first)
  if (Number(second) > 12) return dayOf(y, first, second)
  if (Number(first) === Number(second)) return dayOf(y, first, second)
  if (order === null) return dayOf(y, first, second) === null ? null : 'ask'
  return order === 'day-first' ? dayOf(y, second, first) : dayOf(y, first, second)
}

function named(words: string): Day | null {
  const parts = plainWords(words)
    .split(' ')
    .map((part) => part.replace(/^(\d{1,2})(st|nd|rd|th)$/, '$1'))
  const month = parts.map((part) => months.get(part)).find((one) => one !== undefined)
  const y = parts.find((part) => /^\d{4}$/.test(part))
  const d = parts.find((part) => /^\d{1,2}$/.test(part))
  return month !== undefined && y !== undefined && d !== undefined ? dayOf(y, month, d) : null
}

/** Answers in which order a day is written with strokes, when only one can be meant; "open" when both can, null when the words are no such day. */
export function orderIn(words: string): DateOrder | 'open' | null {
  const [, first, , second] = /^(\d{1,2})([/-])(\d{1,2})\2/.exec(westernDigits(words).trim()) ?? []
  const read = readDay(words, null)
  if (read === null || first === undefined || Number(first) === Number(second)) return null
  if (read === 'ask') return 'open'
  return Number(first) > 12 ? 'day-first' : 'month-first'
}

/** Reads a day as people write it: 2027-10-19, 19/10/2027, 10/19/2027, 19.10.27, "Tuesday 19 October 2027", a spreadsheet's own number; a time may stand behind it. */
export function readDay(words: string, order: DateOrder | null): ReadDay {
  const clean = westernDigits(words).trim()
  const plain = { time: null, instant: null }
  const iso = /^(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?:[T ]+(\d.*))?$/.exec(clean)
  if (iso) {
    const day = dayOf(iso[1] ?? '', iso[2] ?? '', iso[3] ?? '')
    if (day === null) return null
    if (iso[4] === undefined) return { day, ...plain }
    const zoned = /^(\d\d:?\d\d)(?::?\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)$/.exec(iso[4])
    if (zoned) {
      const [, clock = '', offset = ''] = zoned
      const sign = offset === 'Z' ? 'Z' : offset.replace(/^(...):?/, '$1:')
      const instant = new Date(`${day}T${clock.replace(/^(\d\d):?/, '$1:')}:00${sign}`)
      return Number.isNaN(instant.getTime()) ? null : { day, time: null, instant }
    }
    const time = readTime(iso[4].replace(/\.\d+$/, ''))
    return time === null ? null : { day, time, instant: null }
  }
  const behind =
    /^(\S*\d{4}|\d{1,2}\/\d{1,2}\/\d\d|\d{1,2}\.\d{1,2}\.\d\d)[,\s]+(\d{1,2}[:.h].*|\d{1,2}\s*[ap]m)$/i.exec(
      clean,
    )
  const only = behind ? (behind[1] ?? '') : clean
  const day = serial(only) ?? slashed(only, order) ?? named(only)
  if (day === 'ask' || day === null) return day
  const time = behind ? readTime(behind[2] ?? '') : null
  return behind && time === null ? null : { day, time, instant: null }
}

/** Reads a time as people write it: 9:30, 09.30, 9h30, 9am, 9:30 pm, 0930, a part of a day; null when it is none. */
export function readTime(words: string): string | null {
  const clean = westernDigits(words).trim().toLowerCase()
  const part = /^0?\.\d{3,}$|^0\.\d+$/.test(clean) ? Math.round(Number(clean) * 1440) : null
  if (part !== null) return part < 1440 ? `${two(Math.floor(part / 60))}:${two(part % 60)}` : null
  if (clean === 'noon' || clean === 'midday') return '12:00'
  const found = /^(\d{1,2})(?:[:.h]?(\d\d))?(?::\d\d)?\s*(a\.?m\.?|p\.?m\.?|h|uhr|o'clock)?$/.exec(clean)
  if (!found) return null
  const [, h = '', m = '00', half] = found
  if (found[2] === undefined && half === undefined) return null
  let hour = Number(h)
  if (half?.startsWith('a') || half?.startsWith('p')) {
    if (hour < 1 || hour > 12) return null
    hour = (hour % 12) + (half.startsWith('p') ? 12 : 0)
  }
  return hour < 24 && Number(m) < 60 ? `${two(hour)}:${m}` : null
}

/** Answers the letters of a column in a spreadsheet: 0 is A, 26 is AA. */
export const lettersOf = (at: number): string =>
  at < 26
    ? String.fromCharCode(65 + at)
    : lettersOf(Math.floor(at / 26) - 1) + String.fromCharCode(65 + (at % 26))

/** Answers the parts of a cell that holds several. */
export const partsOf = (words: string): string[] =>
  words
    .split(/[;|\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
