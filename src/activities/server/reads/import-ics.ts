import ICAL from 'ical.js'
import type { Column, FileContent, FileRow } from '#activities/import-columns.ts'
import { mostRows } from '#activities/import-columns.ts'
import {
  brokenIn,
  isBroken,
  unknownZone,
  withUnreadAside,
  writtenOf,
} from '#activities/server/reads/import-ics-broken.ts'
import {
  datesIn,
  momentOf,
  startCells,
  zoneNamed,
  type Group,
  type Window,
} from '#activities/server/reads/import-ics-dates.ts'
import { wordsOf } from '#activities/server/reads/import-csv.ts'
import { noDays } from '#activities/import-orders.ts'
import { Refusal } from '#kernel/refusal.ts'

const wrong = (): Refusal => new Refusal('invalid', 'import.wrong.calendar', {}, 'file')

/** What the parser makes of a file; null when it stops. */
function parsedOf(words: string): unknown {
  try {
    return ICAL.parse(words)
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

function rootsOf(words: string): ICAL.Component[] {
  // The parser takes a step of nought for one.
  const whole = words.replace(/^RRULE(?=[^\r\n]*[:;]INTERVAL=0+\s*(?:;|$))/gim, 'X-UNREAD-RRULE')
  const parsed = parsedOf(whole) ?? parsedOf(withUnreadAside(whole))
  if (!Array.isArray(parsed)) throw wrong()
  const all = (typeof parsed[0] === 'string' ? [parsed] : parsed) as [string, unknown[], unknown[]][]
  return all.filter((one) => one[0] === 'vcalendar').map((one) => new ICAL.Component(one))
}

const value = (event: ICAL.Component, name: string): string => {
  const property = event.getFirstProperty(name)
  if (property === null) return ''
  if (isBroken(property)) return writtenOf(property)
  const found = property.getFirstValue()
  return found === null || found === undefined ? '' : String(found)
}

/** Words that some calendars keep as a page. */
const plain = (words: string): string =>
  /<(br|p|div|a|b|ul)\b/i.test(words)
    ? words
        .replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n')
        .replace(/<[^>]*>/g, '')
        .replaceAll('&nbsp;', ' ')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&')
    : words

function placeCells(event: ICAL.Component): FileRow['cells'] {
  const location = value(event, 'location').trim()
  const link = /https?:\/\/\S+/i.exec(location)?.[0]
  const meeting = value(event, 'conference') || value(event, 'x-google-conference') || undefined
  if (link !== undefined || /^(online|zoom|(microsoft )?teams\b.*|google meet.*|virtual)$/i.test(location)) {
    return { mode: 'online', ...((link ?? meeting) && { link: link ?? meeting ?? '' }) }
  }
  if (location === '') return meeting === undefined ? {} : { mode: 'online', link: meeting }
  const place = event.getFirstProperty('geo')
  const geo = place && !isBroken(place) ? place.getFirstValue() : null
  const point = Array.isArray(geo) ? { latitude: String(geo[0]), longitude: String(geo[1]) } : {}
  return { where: location.replace(/\s*\n\s*/g, ', ').slice(0, 500), ...point }
}

function wordCells(event: ICAL.Component): FileRow['cells'] {
  const url = value(event, 'url')
  const told = plain(value(event, 'description')).trim().slice(0, 4500)
  const categories = event
    .getAllProperties('categories')
    .flatMap((one) => one.getValues().map(String))
    .join(';')
  return {
    title: value(event, 'summary').trim().slice(0, 120),
    description: [told, url].filter(Boolean).join('\n\n').slice(0, 5000),
    status: value(event, 'status'),
    categories,
  }
}

function groupsOf(root: ICAL.Component): Group[] {
  const groups = new Map<string, Group>()
  const loose: ICAL.Component[] = []
  const sequence = (event: ICAL.Component): number => Number(value(event, 'sequence')) || 0
  for (const event of root.getAllSubcomponents('vevent')) {
    const uid = value(event, 'uid') || `${value(event, 'summary')} ${value(event, 'dtstart')}`
    if (event.hasProperty('recurrence-id')) {
      loose.push(event)
      continue
    }
    const before = groups.get(uid)
    if (!before || sequence(event) >= sequence(before.event)) groups.set(uid, { event, changes: [] })
  }
  for (const event of loose) {
    const group = groups.get(value(event, 'uid'))
    if (group) group.changes.push(event)
    else groups.set(`${value(event, 'uid')} ${value(event, 'recurrence-id')}`, { event, changes: [] })
  }
  return [...groups.values()]
}

const filled = (cells: Partial<Record<Column, string | null>>): FileRow['cells'] =>
  Object.fromEntries(Object.entries(cells).filter((entry): entry is [string, string] => Boolean(entry[1])))

function rowOf(
  group: Group,
  uid: string,
  window: Window & { zone: string | null },
): FileRow['cells'] | 'outside' {
  const { event } = group
  const base = { id: uid, ...wordCells(event), ...placeCells(event) }
  const start = event.getFirstProperty('dtstart')
  const moment = start && !isBroken(start) ? momentOf(start, window.zone) : null
  // What says of itself when it is, but not in a way that can be read, is shown as it was written.
  if (start === null || moment === null) return filled({ ...base, date: value(event, 'dtstart') || '?' })
  const broken = brokenIn(group)
  if (broken !== null) return filled({ ...base, ...startCells(moment), ...broken })
  const dates = datesIn(group, moment, window)
  if (dates === 'outside') return 'outside'
  const zone = unknownZone(start)
  return filled({ ...base, ...dates, ...(zone !== null && { zone }) })
}

/** Reads a calendar: its events near the week, repeats laid out as dates, changed dates as changes. Events outside the window or marked private are only counted; nobody's address is read. */
export function readIcs(bytes: Uint8Array, window: Window): FileContent {
  const roots = rootsOf(wordsOf(bytes).replaceAll('\0', ''))
  if (roots.length === 0) throw wrong()
  const content: FileContent = {
    format: 'ics',
    at: {},
    unknown: [],
    outside: 0,
    secret: 0,
    days: noDays,
    rows: [],
  }
  for (const root of roots) {
    const zone = zoneNamed(value(root, 'x-wr-timezone'))
    for (const group of groupsOf(root)) {
      if (/^(private|confidential)$/i.test(value(group.event, 'class'))) {
        content.secret += 1
        continue
      }
      const again = group.event.hasProperty('recurrence-id') ? ` ${value(group.event, 'recurrence-id')}` : ''
      const cells = rowOf(group, `${value(group.event, 'uid')}${again}`, { ...window, zone })
      if (cells === 'outside') content.outside += 1
      else content.rows.push({ line: content.rows.length + 1, cells })
    }
  }
  if (content.rows.length > mostRows)
    throw new Refusal('invalid', 'import.wrong.long', { most: mostRows }, 'file')
  return content
}
