import ICAL from 'ical.js'
import type { Column } from '#activities/import-columns.ts'
import { zoneNamed, type Cells, type Group } from '#activities/server/reads/import-ics-dates.ts'
import { realDay, realLocal } from '#kernel/times.ts'

const rawOf = (property: ICAL.Property): string[] =>
  (property.toJSON() as unknown[]).slice(3).map((one) => {
    if (typeof one === 'string') return one
    if (typeof one !== 'object' || one === null) return ''
    return Object.entries(one)
      .map(([name, value]) => name.toUpperCase() + (value === undefined ? '' : `=${String(value)}`))
      .join(';')
  })

/** The words of a property that cannot be read, as near to the file as the parser keeps them. */
export function writtenOf(property: ICAL.Property): string {
  const words = rawOf(property).join(',')
  // The parser has cut "2027banana" into the parts of a date already, and lost a letter behind them.
  const cut = /^(.{4})-(.{2})-(.{0,2})T(.*)/.exec(words)
  if (!cut || /^\d{4}-\d\d-\d\d/.test(words)) return words || '?'
  return `${cut[1]}${cut[2]}${cut[3]}${cut[4]?.replaceAll(':', '') === '' ? '' : '…'}`
}

type Said = { until?: unknown }

/** The parser reads rules without a pace, or with an end on 32 December, and throws when it is to follow them. */
function canWalk(rule: ICAL.Recur, property: ICAL.Property): boolean {
  const [, , , said] = property.toJSON() as [string, unknown, string, Said | undefined]
  if (typeof said?.until === 'string' && !realDay(said.until.slice(0, 10))) return false
  // Nothing here happens twice in a day by itself.
  if (/^(SECOND|MINUTE|HOUR)LY$/i.test(rule.freq)) return false
  try {
    rule.iterator(ICAL.Time.fromDateString('2027-01-01'))
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** Answers whether a property cannot be read; the parser throws at some, and takes 30 February for 2 March. */
export function isBroken(property: ICAL.Property): boolean {
  let values: unknown[]
  try {
    values = property.getValues()
  } catch (error) {
    if (error instanceof Error) return true
    throw error
  }
  const written = rawOf(property)
  return values.some((one, at) => {
    if (one instanceof ICAL.Recur) return !canWalk(one, property)
    if (!(one instanceof ICAL.Time)) return false
    const words = written[at] ?? ''
    return one.isDate ? !realDay(words.slice(0, 10)) : !realLocal(words.slice(0, 16))
  })
}

const unreadName = (name: string): string => `x-unread-${name.toLowerCase()}`

/** Puts the lines that alone would stop the parser aside, under a name that it takes for words: one broken rule must not refuse everybody else's events. */
export function withUnreadAside(words: string): string {
  const aside = (line: string): string => {
    if (line.trim() === '' || /^(begin|end):/i.test(line)) return line
    try {
      ICAL.parse.property(line)
      return line
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const [, name, rest] = /^([a-z0-9-]+)[^:]*:?(.*)$/i.exec(line) ?? []
      return name === undefined ? '' : `${unreadName(name)}:${rest}`
    }
  }
  return words
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map(aside)
    .filter(Boolean)
    .join('\r\n')
}

/** Where a property of an event is shown when it cannot be read. */
const shownAt: [name: string, column: Column][] = [
  ['dtend', 'endDate'],
  ['duration', 'endTime'],
  ['rrule', 'repeats'],
  ['rdate', 'dates'],
  ['exdate', 'dates'],
]

/** Answers the cell of what cannot be read about the dates of an event, as it was written; null when all of it can. */
export function brokenIn({ event, changes }: Group): Cells | null {
  for (const [name, column] of shownAt) {
    const broken = event.getAllProperties(name).find(isBroken)
    if (broken) return { [column]: writtenOf(broken) }
    const unread = event.getFirstPropertyValue(unreadName(name))
    if (unread !== null) return { [column]: String(unread) || '?' }
  }
  const changed = changes.flatMap((one) =>
    ['recurrence-id', 'dtstart'].flatMap((name) => one.getAllProperties(name)),
  )
  const broken = changed.find(isBroken)
  return broken ? { date: writtenOf(broken) } : null
}

/** Answers the name of a clock that neither the world nor the file itself knows; null when there is none. */
export function unknownZone(start: ICAL.Property): string | null {
  const tzid: unknown = start.getParameter('tzid')
  const time = start.getFirstValue()
  if (typeof tzid !== 'string' || !(time instanceof ICAL.Time) || time.isDate) return null
  return time.zone === ICAL.Timezone.localTimezone && zoneNamed(tzid) === null ? tzid : null
}
