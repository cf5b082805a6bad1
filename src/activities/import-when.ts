import { rhythms, type Series } from '#activities/activity.ts'
import { partsOf, readDay } from '#activities/import-cells.ts'
import type { Column } from '#activities/import-columns.ts'
import { dayCell, momentIn, type Known, type Moment } from '#activities/import-moment.ts'
import type { About, Draft, Row } from '#activities/import.ts'
import { daysOf, mostDates, type Change } from '#activities/series.ts'
import { readTiming, softEdge, wrongDay, type TimingWords } from '#activities/timing.ts'
import { windowsZone } from '#activities/windows-zones.ts'
import { addDays, instantOf, localOf, realDay, realLocal, sayDay, zoneOf, type Day } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

type When = Pick<Draft, 'timing' | 'later' | 'series' | 'changes'>

/** Answers the zone a row names, else that of its town, else the one chosen for the file. */
function zoneFor(row: Row, town: string | null, about: About): string | null {
  const said = row.cell('zone')
  if (said === '') return town ?? about.choices.zone
  const zone = zoneOf(said) ?? windowsZone(said) ?? zoneOf(said.replace(/^\/?[^/]+\/(?=[A-Z]\w+\/)/, ''))
  if (zone === null) row.wrong('zone', 'say.when.zone')
  return zone
}

/** Answers the day and the time of a cell on the clocks of a zone. */
const onClock = (read: Known | null, time: string | null, zone: string | null) => {
  if (read?.instant && zone !== null) {
    const local = localOf(read.instant, zone)
    return { day: local.slice(0, 10), time: local.slice(11) }
  }
  return { day: read?.day ?? null, time: time ?? read?.time ?? null }
}

const rhythmNames: Record<string, (typeof rhythms)[number] | 'none'> = {
  week: 'week',
  weekly: 'week',
  'every week': 'week',
  fortnight: 'fortnight',
  fortnightly: 'fortnight',
  'every fortnight': 'fortnight',
  'every two weeks': 'fortnight',
  'every 2 weeks': 'fortnight',
  month: 'month',
  monthly: 'month',
  'every month': 'month',
  no: 'none',
  none: 'none',
  never: 'none',
  once: 'none',
}

/** Answers what a calendar's rule of repeats says of its end when that is no day; null when it is one, or the rule says none. */
function unreadEnd(rule: string): string | null {
  const end = /(?:^|;)\s*UNTIL=([^;]*)/i.exec(rule)?.[1]?.trim()
  if (end === undefined) return null
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(?:T[\d:]*Z?)?$/i.exec(end) ?? []
  return realDay(`${year}-${month}-${day}`) ? null : end
}

function seriesOf(row: Row, first: Day, about: About): Series | null {
  const last = addDays(about.monday, 6 + softEdge)
  const outside = (column: Column): void =>
    row.wrong(column, 'say.when.outside', {
      from: sayDay(addDays(about.monday, -softEdge), about.language, true),
      to: sayDay(last, about.language, true),
    })
  if (row.cell('dates') !== '') {
    const dates: Day[] = []
    for (const part of partsOf(row.cell('dates').replace(/,(?=\s*\d)/g, ';'))) {
      const read = readDay(part, about.choices.dates)
      if (read === 'ask') row.wrong('dates', 'import.mistake.which-date', {}, 'dates')
      else if (read === null) row.wrong('dates', 'input.day')
      else if (read.day < first || read.day > last) outside('dates')
      else dates.push(read.day)
      if (row.mistakes.length > 0) return null
    }
    const others = [...new Set(dates)].filter((day) => day !== first).toSorted()
    if (others.length >= mostDates) row.wrong('dates', 'import.mistake.many-dates', { most: mostDates })
    return others.length > 0 ? { dates: others } : null
  }
  if (row.cell('repeats') === '') return null
  const every = rhythmNames[plainWords(row.cell('repeats'))]
  const end = every === undefined ? unreadEnd(row.cell('repeats')) : null
  if (end !== null) row.wrong('repeats', 'import.mistake.repeats-end', { end: end.slice(0, 60) })
  else if (every === undefined) row.wrong('repeats', 'import.mistake.repeats')
  if (every === undefined || every === 'none') return null
  const until = dayCell(row, 'until', about)
  if (until === null) {
    if (row.cell('until') === '') row.wrong('until', 'import.mistake.until')
    return null
  }
  if (until.day < first || until.day > last) outside('until')
  const series = { every, until: until.day }
  return daysOf(first, series).length > 1 ? series : null
}

function changesOf(row: Row): Change[] {
  return partsOf(row.cell('changes')).flatMap((part): Change[] => {
    const [day = '', to = ''] = part.split('>').map((one) => one.trim())
    if (!realDay(day)) return []
    if (to === 'skip') return [{ day, skipped: true }]
    return realDay(to) || realLocal(to) ? [{ day, to }] : []
  })
}

/** Answers the cell of a field that was wrong. */
function columnOf(field: string, begins: Moment, ends: Moment): Column {
  const columns: Record<string, Column> = {
    time: begins.at.time,
    endDay: ends.at.day,
    endTime: ends.at.time,
    zone: 'zone',
  }
  return columns[field] ?? begins.at.day
}

/** Reads when a row is; null with mistakes noted when that is not clear. `town` is the zone of its town. */
export function whenOf(row: Row, town: string | null, about: About): When | null {
  const before = row.mistakes.length
  const begins = momentIn(row, ['date', 'time'], about)
  const ends = momentIn(row, ['endDate', 'endTime'], about)
  const first = begins.day
  const timed = begins.time !== null || (first !== null && (first.time !== null || first.instant !== null))
  const zone = timed || row.cell('zone') !== '' ? zoneFor(row, town, about) : null
  if (row.mistakes.length > before) {
    // The day as well: whoever puts the rest right would meet it only then.
    const wrong = first === null || first.instant ? null : wrongDay(first.day, 'day', about)
    if (wrong) row.wrong(begins.at.day, wrong.key, wrong.params)
    return null
  }
  if (first === null && !timed) return { timing: { timing: 'week' }, later: false, series: null, changes: [] }
  if (first === null) row.wrong('date', 'say.when.day-needed')
  else if (timed && zone === null) row.wrong('zone', 'import.mistake.zone', {}, 'zone')
  else if (!timed && (ends.time ?? ends.day?.time ?? null) !== null) row.wrong('time', 'say.when.time-needed')
  if (first === null || row.mistakes.length > before) return null
  const start = onClock(first, begins.time, zone)
  const end = onClock(ends.day, ends.time, zone)
  const words: TimingWords = {
    when: timed ? 'time' : 'day',
    day: start.day,
    time: start.time,
    endDay: end.day,
    endTime: end.time,
    zone,
    which: whichOf(first, start, zone) ?? (row.fromCalendar ? 'earlier' : null),
  }
  const read = readTiming(words, about)
  if ('mistakes' in read) {
    for (const one of read.mistakes)
      if (one.field === 'which') row.wrong('date', 'import.mistake.time-twice', bothTimes(start, zone))
      else row.wrong(columnOf(one.field, begins, ends), one.key, one.params)
    return null
  }
  const series = seriesOf(row, start.day ?? '', about)
  return row.mistakes.length > before ? null : { ...read, series, changes: changesOf(row) }
}

type Start = ReturnType<typeof onClock>

/** Answers how a time that comes twice can be written so that it is clear which is meant. */
function bothTimes({ day, time }: Start, zone: string | null): Record<'time' | 'first' | 'second', string> {
  const written = (which: 'earlier' | 'later'): string => {
    const ahead =
      (Date.parse(`${day}T${time}Z`) - instantOf(`${day}T${time}`, zone ?? '', which).getTime()) / 60_000
    const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60]
    const two = (number: number): string => String(number).padStart(2, '0')
    return `${day} ${time}${ahead < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
  }
  return { time: time ?? '', first: written('earlier'), second: written('later') }
}

/** Of two times that the clocks show alike, an instant says which; words alone say neither. */
function whichOf(first: Known | null, start: Start, zone: string | null): 'earlier' | 'later' | null {
  if (!first?.instant || zone === null) return null
  const later = instantOf(`${start.day}T${start.time}`, zone, 'later')
  return later.getTime() === first.instant.getTime() ? 'later' : 'earlier'
}
