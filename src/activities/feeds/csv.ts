import type { FeedEntry, FeedHead } from '#activities/feeds/entry.ts'
import { asJson } from '#activities/view.ts'
import type { Moment } from '#activities/when.ts'

const columns = [
  'slug',
  'title',
  'summary',
  'kind',
  'status',
  'mode',
  'start',
  'end',
  'zone',
  'start_utc',
  'end_utc',
  'dates',
  'place',
  'town',
  'country',
  'lat',
  'lon',
  'exact',
  'online',
  'languages',
  'access',
  'welcome',
  'group',
  'week',
  'url',
  'ics',
] as const

/** One cell. Words that a spreadsheet would take for a formula get an apostrophe before them. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const words = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words
}

const local = (moment: Moment): string => (moment === null ? '' : 'day' in moment ? moment.day : moment.local)
const utc = (moment: Moment): string => (moment !== null && 'utc' in moment ? moment.utc : '')

/** Writes one activity as a line; several codes in one cell are parted by spaces. */
function line({ view }: FeedEntry, head: FeedHead): string {
  const { place, url, ics } = asJson(view, head.site)
  const dates = view.occurrences
    .filter((date) => date.status === 'published')
    .map((date) => local(date.start))
  const cells: Record<(typeof columns)[number], string | number | boolean | null> = {
    slug: view.slug,
    title: view.title,
    summary: view.summary,
    kind: view.kind,
    status: view.status,
    mode: view.mode,
    start: local(view.start),
    end: local(view.end),
    zone: view.start !== null && 'zone' in view.start ? view.start.zone : null,
    start_utc: utc(view.start),
    end_utc: utc(view.end),
    dates: dates.length > 1 ? dates.join(' ') : null,
    place: place?.name ?? null,
    town: place?.town ?? null,
    country: place?.country ?? null,
    lat: place?.lat ?? null,
    lon: place?.lon ?? null,
    exact: place?.exact ?? null,
    online: view.online,
    languages: view.languages.join(' '),
    access: view.access.join(' '),
    welcome: view.welcome.join(' '),
    group: view.group,
    week: view.week,
    url,
    ics,
  }
  return `${columns.map((column) => cell(cells[column])).join(',')}\r\n`
}

/** Writes a whole spreadsheet (RFC 4180), a part at a time. Begins with the mark by which spreadsheet programs know UTF-8. */
export async function* sheetOf(
  parts: AsyncIterable<FeedEntry[]>,
  head: FeedHead,
): AsyncGenerator<string, void, void> {
  yield `\uFEFF${columns.join(',')}\r\n`
  for await (const part of parts) yield part.map((entry) => line(entry, head)).join('')
}
