import { readDay, readTime, type ReadDay } from '#activities/import-cells.ts'
import type { Column } from '#activities/import-columns.ts'
import type { About, Row } from '#activities/import.ts'

export type Known = Exclude<ReadDay, 'ask' | null>

/** What the cells of a beginning or an end say, and in which cell the day and the time stand. */
export type Moment = { day: Known | null; time: string | null; at: { day: Column; time: Column } }

/** Answers whether words are a day but for its number, like 30 February. */
const noSuchDay = (words: string): boolean =>
  readDay(words.replace(/(?<!\d)(29|3[01])(?!\d)/, '28'), 'day-first') !== null

/** Reads a cell that holds a day, noting what is wrong with it. */
export function dayCell(row: Row, column: Column, about: About): Known | null {
  const words = row.cell(column)
  if (words === '') return null
  const read = readDay(words, about.choices.dates)
  if (read === 'ask') row.wrong(column, 'import.mistake.which-date', {}, 'dates')
  else if (read === null) row.wrong(column, noSuchDay(words) ? 'import.mistake.no-such-day' : 'input.day')
  return read === 'ask' ? null : read
}

function timeCell(row: Row, column: Column): string | null {
  const words = row.cell(column)
  if (words === '') return null
  const time = readTime(words)
  if (time === null) row.wrong(column, 'input.time')
  return time
}

/** "12:00" or "2 pm"; never "19.10", which may be a day. */
const isClock = (words: string): boolean => /:|\dh|[ap]\.?m/i.test(words) && readTime(words) !== null

/** Reads a beginning or an end from its two cells: people write a time under "End", and a day with its time into one cell. */
export function momentIn(row: Row, [date, time]: [date: Column, time: Column], about: About): Moment {
  const [inDate, inTime] = [row.cell(date), row.cell(time)]
  if (inTime === '' && isClock(inDate))
    return { day: null, time: readTime(inDate), at: { day: date, time: date } }
  const both = inTime === '' || readTime(inTime) !== null ? null : readDay(inTime, about.choices.dates)
  if (both === null)
    return { day: dayCell(row, date, about), time: timeCell(row, time), at: { day: date, time } }
  if (inDate === '') return { day: dayCell(row, time, about), time: null, at: { day: time, time } }
  const day = dayCell(row, date, about)
  const there = both === 'ask' ? dayCell(row, time, about) : both
  if (day !== null && there !== null && (there.day !== day.day || (there.time ?? there.instant) === null))
    row.wrong(time, 'input.time')
  return { day: there?.instant ? there : day, time: there?.time ?? null, at: { day: date, time } }
}
