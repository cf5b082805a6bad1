import type { FeedEntry, FeedHead } from '#activities/feeds/entry.ts'
import type { Moment, Occurrence } from '#activities/when.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { addDays, sayCountry } from '#kernel/times.ts'

/*
 * Written by hand because a whole week has to stream, and ical-generator needs all of it in memory. Times go out in UTC,
 * which needs no definitions of zones and is right on both sides of a change of clocks, for each date is an event of its
 * own. What is written is read back with ical.js in feeds.test.ts.
 */

const escaped = (words: string): string =>
  words.replace(/[\\;,\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`)).replace(/\r/g, '')

/** Breaks a line after at most 75 octets, never inside a letter (RFC 5545, 3.1). */
export function folded(line: string): string {
  if (line.length <= 25 || Buffer.byteLength(line) <= 75) return line
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const letter of line) {
    const bytes = letter < '\x80' ? 1 : Buffer.byteLength(letter)
    if (size + bytes > 75) {
      parts.push(part)
      part = ''
      size = 1
    }
    part += letter
    size += bytes
  }
  return [...parts, part].join('\r\n ')
}

const compact = (iso: string): string => iso.replace(/[-:]/g, '')
const stamp = (instant: Date): string => `${compact(instant.toISOString().slice(0, 19))}Z`

/** The lines of begin and end. A moment of a clock goes out in UTC; days as days, the day after the last being the end. */
function timeLines(start: Moment, end: Moment, week: FeedEntry['week']): string[] {
  if (start !== null && 'utc' in start) {
    const lines = [`DTSTART:${compact(start.utc)}`]
    if (end !== null && 'utc' in end && end.utc > start.utc) lines.push(`DTEND:${compact(end.utc)}`)
    return lines
  }
  const first = start === null ? week.from : start.day
  const last = start === null ? week.to : end !== null && 'day' in end ? end.day : first
  return [
    `DTSTART;VALUE=DATE:${compact(first)}`,
    `DTEND;VALUE=DATE:${compact(addDays(last, 1))}`,
    'TRANSP:TRANSPARENT',
  ]
}

function placeLines({ view }: FeedEntry, language: Language): string[] {
  const { place } = view
  const online = view.online ? textIn(language)('where.online') : null
  const parts = [
    ...new Set(
      [place?.name, place?.town, place?.country && sayCountry(place.country, language)].filter(Boolean),
    ),
  ]
  const words = [parts.join(', '), online].filter(Boolean).join(' / ')
  const lines = words === '' ? [] : [`LOCATION:${escaped(words)}`]
  if (place?.exact && place.lat !== null && place.lon !== null) lines.push(`GEO:${place.lat};${place.lon}`)
  return lines
}

function event(entry: FeedEntry, head: FeedHead, uid: string, date: Occurrence): string {
  const { view } = entry
  const url = `${head.site}/activities/${view.slug}`
  const lines = [
    'BEGIN:VEVENT',
    `UID:${uid}@${new URL(head.site).hostname}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTAMP:${stamp(entry.updated)}`,
    `LAST-MODIFIED:${stamp(entry.updated)}`,
    ...timeLines(date.start, date.end, entry.week),
    `SUMMARY:${escaped(view.title)}`,
    `DESCRIPTION:${escaped([view.summary, url].filter(Boolean).join('\n\n'))}`,
    ...placeLines(entry, head.language),
    `URL:${url}`,
    `CATEGORIES:${[view.kind, ...(view.example ? ['example'] : [])].map(escaped).join(',')}`,
    `STATUS:${date.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'}`,
    'END:VEVENT',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

/** Writes the events of an activity: one, or one for each date of a series. Their UIDs stay the same for ever. */
export function eventsOf(entry: FeedEntry, head: FeedHead): string {
  const { view, days } = entry
  if (days === null) {
    const date: Occurrence = { start: view.start, end: view.end, status: view.status }
    return event(entry, head, entry.id, date)
  }
  return view.occurrences
    .map((date, index) => event(entry, head, `${entry.id}-${days[index] ?? index}`, date))
    .join('')
}

/** Writes the beginning of a calendar. */
export const calendarBegin = (head: FeedHead): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//A Bit Extra//activities//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escaped(head.title)}`,
    `X-WR-CALNAME:${escaped(head.title)}`,
    `URL:${head.page}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    '',
  ]
    .map(folded)
    .join('\r\n')

/** Writes the end of a calendar. A calendar has to hold something (RFC 5545, 3.6): without events it holds the zone of UTC. */
export const calendarEnd = (empty: boolean): string =>
  [
    ...(empty
      ? [
          'BEGIN:VTIMEZONE',
          'TZID:Etc/UTC',
          'BEGIN:STANDARD',
          'DTSTART:19700101T000000',
          'TZOFFSETFROM:+0000',
          'TZOFFSETTO:+0000',
          'END:STANDARD',
          'END:VTIMEZONE',
        ]
      : []),
    'END:VCALENDAR',
    '',
  ].join('\r\n')

/** Writes a whole calendar, a part at a time. */
export async function* calendarOf(
  parts: AsyncIterable<FeedEntry[]> | Iterable<FeedEntry[]>,
  head: FeedHead,
): AsyncGenerator<string, void, void> {
  yield calendarBegin(head)
  let empty = true
  for await (const part of parts) {
    empty &&= part.length === 0
    yield part.map((entry) => eventsOf(entry, head)).join('')
  }
  yield calendarEnd(empty)
}
