import { ordersIn, type DayOrders } from '#activities/import-orders.ts'
import { plainWords } from '#kernel/words.ts'

/** The columns a spreadsheet may have, in the order of the template, each with the plain words that people write over it. */
export const columnNames = {
  id: ['id', 'your number', 'number', 'nr', 'ref', 'reference', 'uid'],
  title: ['title', 'name', 'what', 'event', 'event name', 'activity', 'subject', 'summary title'],
  kind: ['kind', 'type', 'sort', 'category', 'kind of activity'],
  summary: ['summary', 'short description', 'in one sentence', 'in short'],
  description: ['description', 'details', 'about', 'more', 'notes', 'body'],
  date: [
    'date',
    'day',
    'start date',
    'start day',
    'first day',
    'date from',
    'date and time',
    'date time',
    'datetime',
    'start date and time',
    'start date time',
    'start datetime',
  ],
  time: ['time', 'start time', 'starts at', 'start at', 'begin time', 'begins at', 'from time', 'time from'],
  endDate: [
    'end date',
    'end day',
    'last day',
    'until date',
    'date to',
    'end date and time',
    'end date time',
    'end datetime',
  ],
  endTime: [
    'end time',
    'ends at',
    'end at',
    'to time',
    'time to',
    'until time',
    'finish time',
    'finishes at',
  ],
  zone: ['time zone', 'timezone', 'zone', 'clock', 'tz'],
  repeats: ['repeats', 'repeat', 'every', 'rhythm', 'how often'],
  until: ['repeats until', 'until', 'last repeat'],
  dates: ['more dates', 'other dates', 'dates', 'chosen dates'],
  changes: ['changed dates'],
  mode: ['how', 'mode', 'format', 'online', 'online or in person', 'in person or online', 'where how'],
  where: ['where', 'location', 'place and town'],
  place: ['place', 'place name', 'venue', 'building', 'venue name'],
  address: ['address', 'street', 'street address'],
  town: ['town', 'city', 'town or city', 'village', 'town city'],
  region: ['region', 'state', 'county', 'province'],
  country: ['country', 'land', 'nation', 'country code'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'lon', 'lng', 'long'],
  private: ['private', 'private place', 'show only the town', 'hide the place'],
  find: ['how to find it', 'how to find the room', 'room'],
  link: ['link', 'join link', 'url', 'meeting link', 'web address', 'website'],
  joining: ['joining details', 'how to join', 'passcode'],
  languages: ['languages', 'language', 'spoken languages'],
  access: ['access', 'accessibility'],
  sign: ['sign languages', 'sign language'],
  arrive: ['how to arrive', 'arrive', 'travel', 'getting there'],
  welcome: ['welcome', 'who is welcome', 'for whom', 'who for'],
  capacity: ['places', 'seats', 'capacity', 'how many'],
  onlineCapacity: ['online places', 'online seats', 'online capacity'],
  bookings: ['people can say they come', 'bookings', 'booking', 'rsvp'],
  group: ['group', 'regional support group'],
  host: ['host', 'host name', 'organiser', 'who', 'organisation', 'by'],
  email: ['host e mail', 'host email', 'e mail', 'email'],
  status: ['status'],
  categories: ['categories', 'tags'],
} as const

export type Column = keyof typeof columnNames
export const columns = Object.keys(columnNames) as Column[]

/** The columns of the template: those that people write by hand. */
export const templateColumns = columns.filter(
  (one) => !['where', 'changes', 'status', 'categories'].includes(one),
)

/** Only whoever looks after the site may say who else answers for an activity. */
export const organiserColumns: readonly Column[] = ['email']

/** The most columns of a file that is read. */
export const mostColumns = 200
/** The most rows of a file. */
export const mostRows = 10_000
/** The largest file, bytes. */
export const mostBytes = 10 * 1024 * 1024
/** The largest calendar that is fetched, bytes. */
export const mostFetched = 5 * 1024 * 1024

const byName = new Map<string, Column>(
  columns.flatMap((column) => [
    [plainWords(column), column] as const,
    ...columnNames[column].map((name) => [plainWords(name), column] as const),
  ]),
)

/** Names that mean a day, or beside a column that is clearly the day, its time. */
const eitherNames = new Map<string, readonly Column[]>([
  ...['start', 'starts', 'begin', 'begins', 'beginning', 'when', 'from'].map(
    (name) => [name, ['date', 'time']] as const,
  ),
  ...['end', 'ends', 'ending', 'to', 'finish', 'finishes'].map(
    (name) => [name, ['endDate', 'endTime']] as const,
  ),
])

/** Answers which column each header means; null for one that is not known, or that stands there a second time. */
export function matchColumns(headers: readonly string[]): (Column | null)[] {
  const names = headers.map((header) => plainWords(header.replace(/\(.*?\)|\*/g, '')))
  const seen = new Set<Column>()
  const free = (columns: readonly Column[]): Column | null => {
    const found = columns.find((column) => !seen.has(column)) ?? null
    if (found !== null) seen.add(found)
    return found
  }
  const clear = names.map((name) => free([byName.get(name)].filter((one) => one !== undefined)))
  return names.map((name, at) => clear[at] ?? free(eitherNames.get(name) ?? []))
}

/** One row of a file: where it stands, and its words by column. */
export type FileRow = { line: number; cells: Partial<Record<Column, string>> }

/** What was read from a file, whatever its format. */
export type FileContent = {
  format: 'csv' | 'xlsx' | 'ics'
  /** Where each known column stands, counted from 0; empty for a calendar. */
  at: Partial<Record<Column, number>>
  /** The headers that are not known, as they were written. */
  unknown: string[]
  /** How many events of a calendar are not near the week, and how many are marked private: neither is brought in. */
  outside: number
  secret: number
  /** What the days of a table say of the order they are written in. */
  days: DayOrders
  rows: FileRow[]
}

/** Answers the rows of a table by their columns; rows without words are left out, cells are cut to what any column could hold. */
export function contentOf(
  format: 'csv' | 'xlsx',
  headers: readonly string[],
  rows: readonly { line: number; cells: readonly string[] }[],
): FileContent {
  const matched = matchColumns(headers)
  const at: FileContent['at'] = {}
  matched.forEach((column, place) => {
    if (column !== null) at[column] = place
  })
  const read = rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(
      matched.flatMap((column, place) => {
        const words = (cells[place] ?? '').trim()
        return column === null || words === '' ? [] : [[column, words.slice(0, 6000)]]
      }),
    ),
  }))
  return {
    format,
    at,
    outside: 0,
    secret: 0,
    unknown: headers
      .filter((header, place) => matched[place] === null && header.trim() !== '')
      .slice(0, 20)
      .map((header) => header.trim().slice(0, 60)),
    days: ordersIn(read, at),
    rows: read.filter((row) => Object.keys(row.cells).length > 0),
  }
}
