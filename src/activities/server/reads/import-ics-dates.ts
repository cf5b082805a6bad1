import ICAL from 'ical.js'
import type { Column } from '#activities/import-columns.ts'
import { windowsZone } from '#activities/windows-zones.ts'
import { addDays, instantOf, localOf, realLocal, zoneOf, type Day, type Local } from '#kernel/times.ts'

/** The days a calendar is read for. */
export type Window = { from: Day; to: Day }

/** How many dates of one event are looked at to find those near the week. */
const mostSteps = 20_000
/** More dates than one series may have, so that too many are noticed. */
const mostKept = 100

/** Answers the IANA zone that a calendar's name of one means, or null. */
export function zoneNamed(name: string): string | null {
  if (name === '') return null
  const bare = name.replace(/^\/?[^/]*\.[^/]*\/(?:[^/]*_\d+\/)?/, '')
  return zoneOf(name) ?? windowsZone(name) ?? zoneOf(bare) ?? windowsZone(bare)
}

/** When an event is: on a day, or on the clocks of a zone; without one it is as the place's clocks say. */
export type Moment = { day: Day } | { local: Local; zone: string | null }

const two = (number: number): string => String(number).padStart(2, '0')
const dayOf = (time: ICAL.Time): Day =>
  `${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`
const wallOf = (time: ICAL.Time): Local => `${dayOf(time)}T${two(time.hour)}:${two(time.minute)}`

/** Reads when a property says; times of the world's clock, or of one that only the file knows, are put on the calendar's own clock. */
export function momentOf(property: ICAL.Property, calendar: string | null): Moment | null {
  const time = property.getFirstValue()
  if (!(time instanceof ICAL.Time)) return null
  return timeOf(time, tzidOf(property), calendar)
}

const tzidOf = (property: ICAL.Property): string => {
  const tzid: unknown = property.getParameter('tzid')
  return typeof tzid === 'string' ? tzid : ''
}

function timeOf(time: ICAL.Time, tzid: string, calendar: string | null): Moment | null {
  if (time.isDate) return { day: dayOf(time) }
  if (!realLocal(wallOf(time))) return null
  const zone = zoneNamed(tzid)
  if (zone !== null && zone !== 'UTC') return { local: wallOf(time), zone }
  const floats = time.zone === ICAL.Timezone.localTimezone
  if (floats && zone === null) return { local: wallOf(time), zone: calendar }
  const clock = calendar ?? 'Etc/UTC'
  return { local: localOf(new Date(time.toUnixTime() * 1000), clock), zone: clock }
}

/** The same moment on another clock. */
const onto = (moment: Moment, zone: string | null): string => {
  if ('day' in moment) return moment.day
  if (moment.zone === null || zone === null || moment.zone === zone) return moment.local
  return localOf(instantOf(moment.local, moment.zone), zone)
}

/** One event and those of its dates that were changed by themselves. */
export type Group = { event: ICAL.Component; changes: ICAL.Component[] }
type Known = Window & { zone: string | null }
export type Cells = Partial<Record<Column, string | null>>

/** Answers the date cells that say when an event begins. */
export const startCells = (moment: Moment): Cells =>
  'day' in moment
    ? { date: moment.day }
    : { date: moment.local.slice(0, 10), time: moment.local.slice(11), zone: moment.zone }

/** Answers the date cells of an event: its first date in the window, its other ones, and those that were changed; "outside" when it has none there. */
export function datesIn(group: Group, first: Moment, known: Known): Cells | 'outside' {
  const zone = 'day' in first ? null : first.zone
  const changes = changesOf(group.changes, zone, known)
  const inside = (day: Day): boolean => day >= known.from && day <= known.to
  const touched = (day: Day): boolean => inside(day) || inside(changes.get(day)?.slice(0, 10) ?? '')
  const length = lengthOf(group.event, first, known)
  const all = repeats(group.event) ? startsOf(group.event, first, known) : [onto(first, zone)]
  const last = (start: string): Day => addDays(start.slice(0, 10), length.days)
  const near = all.filter((start) => touched(start.slice(0, 10)) || inside(last(start)))
  const [start, ...more] = near
  if (start === undefined) return 'outside'
  const days = new Set(near.map((one) => one.slice(0, 10)))
  return {
    date: start.slice(0, 10),
    time: 'day' in first ? null : start.slice(11),
    endDate: length.days > 0 ? last(start) : null,
    endTime: length.time,
    zone,
    dates: more.map((one) => one.slice(0, 10)).join(';') || null,
    changes:
      [...changes]
        .filter(([day]) => days.has(day))
        .map(([day, to]) => `${day}>${to}`)
        .join(';') || null,
  }
}

const repeats = (event: ICAL.Component): boolean => event.hasProperty('rrule') || event.hasProperty('rdate')

function changesOf(changed: ICAL.Component[], zone: string | null, known: Known): Map<Day, string> {
  const changes = new Map<Day, string>()
  for (const event of changed) {
    const was = event.getFirstProperty('recurrence-id')
    const start = event.getFirstProperty('dtstart')
    const before = was && momentOf(was, known.zone)
    if (!before) continue
    const day = onto(before, zone).slice(0, 10)
    const now = start && momentOf(start, known.zone)
    const off = String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED'
    if (off) changes.set(day, 'skip')
    else if (now && onto(now, zone) !== onto(before, zone)) changes.set(day, onto(now, zone))
  }
  return changes
}

/** How long an event is: over how many days, and until what time. */
function lengthOf(event: ICAL.Component, first: Moment, known: Known): { days: number; time: string | null } {
  const none = { days: 0, time: null }
  const end = new ICAL.Event(event).endDate as ICAL.Time | null
  if (end === null) return none
  const property = event.getFirstProperty('dtend')
  const moment = property ? momentOf(property, known.zone) : null
  const between = (from: string, to: string): number =>
    Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
  if ('day' in first) {
    // The day behind the last one is written.
    const last = moment && 'day' in moment ? moment.day : dayOf(end)
    return { days: Math.max(0, between(first.day, last) - 1), time: null }
  }
  const startTime = event.getFirstPropertyValue('dtstart')
  const lasts = startTime instanceof ICAL.Time ? end.toUnixTime() - startTime.toUnixTime() : 0
  const to =
    moment && 'local' in moment
      ? onto(moment, first.zone)
      : new Date(Date.parse(`${first.local}Z`) + lasts * 1000).toISOString().slice(0, 16)
  if (to <= first.local) return none
  return { days: between(first.local.slice(0, 10), to.slice(0, 10)), time: to.slice(11) }
}

/** The starts of a repeating event that lie in the window, as its own clock shows them. */
function startsOf(event: ICAL.Component, first: Moment, known: Known): string[] {
  const zone = 'day' in first ? null : first.zone
  const property = event.getFirstProperty('dtstart')
  const tzid = property ? tzidOf(property) : ''
  const left = new Set(
    event
      .getAllProperties('exdate')
      .flatMap((one) => one.getValues() as unknown[])
      .flatMap((one) => (one instanceof ICAL.Time && one.isDate ? [dayOf(one)] : [])),
  )
  const found = new Set<string>()
  const walk = new ICAL.Event(event).iterator()
  const begins = addDays(known.from, -31)
  for (let step = 0; step < mostSteps && found.size < mostKept; step += 1) {
    const time = walk.next() as ICAL.Time | undefined
    if (!time) break
    const day = dayOf(time)
    if (day > addDays(known.to, 1)) break
    if (day < begins || left.has(day)) continue
    const moment = timeOf(time, tzid, known.zone)
    if (moment) found.add(onto(moment, zone))
  }
  return [...found].toSorted()
}
