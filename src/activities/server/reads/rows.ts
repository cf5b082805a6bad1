import { sql } from 'kysely'
import type { AccessCode, Mode, WelcomeCode } from '#activities/activity.ts'
import type { ActivityView, Place } from '#activities/view.ts'
import { shownDate, type Moment, type Occurrence, type Span } from '#activities/when.ts'
import type { Day, Local } from '#kernel/times.ts'

type SeriesDate = {
  day: Day
  endDay: Day
  local: Local | null
  endLocal: Local | null
  utc: string
  endUtc: string
  on: boolean
}

/** What is read of an activity that everybody may see: nothing of a private place but its town. */
export type ActivityRow = {
  slug: string
  title: string
  summary: string
  kind: string
  mode: Mode
  timing: 'week' | 'day' | 'time'
  startDay: Day | null
  endDay: Day | null
  startLocal: Local | null
  endLocal: Local | null
  zone: string | null
  sortStart: Date
  lastEnd: Date
  dates: SeriesDate[] | null
  placeName: string | null
  town: string | null
  country: string | null
  lat: number | null
  lon: number | null
  privatePlace: boolean
  languages: string[]
  signLanguages: string[]
  access: AccessCode[]
  welcome: WelcomeCode[]
  group: string | null
  week: number
  state: 'published' | 'cancelled'
  example: boolean
}

/** The columns of ActivityRow, of a row `a` of activities. */
export const rowColumns = sql`a.slug, a.title, a.summary, a.kind, a.mode, a.timing, a.start_day, a.end_day,
  a.start_local, a.end_local, a.zone, a.sort_start, a.last_end,
  case when not a.private_place then a.place_name end as place_name, a.town, a.country,
  a.public_lat as lat, a.public_lon as lon, a.private_place, a.languages, a.sign_languages, a.access, a.welcome,
  (select g.slug from groups g where g.id = a."group" and not g.hidden) as "group", a.week, a.state, a.example,
  case when a.series is not null then (
    select json_agg(json_build_object('day', o.start_day, 'endDay', o.end_day,
      'local', to_char(o.start_local, 'YYYY-MM-DD"T"HH24:MI'), 'endLocal', to_char(o.end_local, 'YYYY-MM-DD"T"HH24:MI'),
      'utc', o.starts, 'endUtc', o.ends, 'on', o.status = 'on') order by o.starts)
    from occurrences o where o.activity = a.id) end as dates`

/** Instants go out in whole seconds: "2027-10-19T09:00:00Z". */
const utcOf = (instant: Date | string): string => `${new Date(instant).toISOString().slice(0, 19)}Z`

const timed = (local: Local | null, zone: string | null, instant: Date | string): Moment =>
  local === null || zone === null ? null : { local, zone, utc: utcOf(instant) }

const occurrenceOf = (row: ActivityRow, date: SeriesDate): Occurrence => ({
  start: date.local === null ? { day: date.day } : timed(date.local, row.zone, date.utc),
  end:
    date.local !== null
      ? timed(date.endLocal, row.zone, date.endUtc)
      : date.endDay === date.day
        ? null
        : { day: date.endDay },
  status: date.on && row.state === 'published' ? 'published' : 'cancelled',
})

function onlyDate(row: ActivityRow): Occurrence | null {
  if (row.timing === 'week' || row.startDay === null) return null
  const status = row.state
  if (row.timing === 'day') {
    const end = row.endDay === null || row.endDay === row.startDay ? null : { day: row.endDay }
    return { start: { day: row.startDay }, end, status }
  }
  return {
    start: timed(row.startLocal, row.zone, row.sortStart),
    end: timed(row.endLocal, row.zone, row.lastEnd),
    status,
  }
}

function placeOf(row: ActivityRow): Place | null {
  if (row.town === null && row.country === null && row.placeName === null) return null
  const { placeName, town, country, lat, lon } = row
  return { name: placeName, town, country, lat, lon, exact: lat !== null && !row.privatePlace }
}

/** Makes of a row what everybody may see; of a series the date shown is the next one inside the span. */
export function viewOf(row: ActivityRow, span: Span | null, now: Date): ActivityView {
  const occurrences = row.dates
    ? row.dates.map((date) => occurrenceOf(row, date))
    : [onlyDate(row)].filter((date) => date !== null)
  const shown = row.dates ? shownDate(occurrences, span, now) : (occurrences[0] ?? null)
  return {
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    kind: row.kind,
    mode: row.mode,
    start: shown?.start ?? null,
    end: shown?.end ?? null,
    occurrences,
    place: placeOf(row),
    online: row.mode === 'online' || row.mode === 'hybrid',
    languages: row.languages,
    signLanguages: row.signLanguages,
    access: row.access,
    welcome: row.welcome,
    group: row.group,
    week: row.week,
    status: row.state,
    example: row.example,
  }
}
