import { sql, type RawBuilder } from 'kysely'
import { daysOf, type Filter, type Point } from '#activities/filter.ts'
import type { Span } from '#activities/when.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import { dayBeginsSomewhere, dayEndsEverywhere } from '#kernel/times.ts'

export type Condition = RawBuilder<unknown>

/** Everybody may find it: published, or cancelled after it was, and nothing is held after a restore. Written as the indexes are, so that they serve. */
export const listed = sql`(a.state = 'published' or (a.state = 'cancelled' and a.published is not null)) and ${ledgerOpen}`

const earthRadius = 6371

/** The points within so many kilometres: first by a box that an index serves, then by the true distance. */
function near(point: Point, within: number): Condition {
  const high = (within / earthRadius) * (180 / Math.PI)
  const [south, north] = [point.lat - high, point.lat + high]
  const pole = south <= -90 || north >= 90
  const widest = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180)
  const wide = pole ? 180 : Math.min(180, high / Math.max(widest, 1e-9))
  const box = sql`a.public_lat between ${south} and ${north} and ${lonBetween(point.lon - wide, point.lon + wide)}`
  const half = sql`power(sin(radians(a.public_lat - ${point.lat}) / 2), 2)
    + cos(radians(${point.lat})) * cos(radians(a.public_lat)) * power(sin(radians(a.public_lon - ${point.lon}) / 2), 2)`
  return sql`${box} and 2 * ${earthRadius} * asin(sqrt(least(1, ${half}))) <= ${within}`
}

/** Longitudes from west to east; a box over the date line has two parts. */
export function lonBetween(west: number, east: number): Condition {
  if (east - west >= 360) return sql`true`
  if (west < -180) return sql`(a.public_lon >= ${west + 360} or a.public_lon <= ${east})`
  if (east > 180) return sql`(a.public_lon >= ${west} or a.public_lon <= ${east - 360})`
  if (west > east) return sql`(a.public_lon >= ${west} or a.public_lon <= ${east})`
  return sql`a.public_lon between ${west} and ${east}`
}

/** Some of the codes; written with "=" for one, which lets an index give the order as well. */
const anyOf = (column: string, codes: readonly string[]): Condition =>
  codes.length === 1
    ? sql`${sql.ref(column)} = ${codes[0]}`
    : sql`${sql.ref(column)} = any(${[...codes]}::text[])`

/** Whatever touches the days. Something without a day ("some time this week") belongs to each of its week's seven days. */
function onDays(span: Span): Condition {
  const begin = dayBeginsSomewhere(span.from)
  const end = dayEndsEverywhere(span.to)
  return sql`(
    (not a.repeating and a.timing <> 'week' and a.sort_start <= ${end} and a.last_end >= ${begin}
      and a.start_day <= ${span.to}::date and coalesce(a.end_day, a.end_local::date, a.start_day) >= ${span.from}::date)
    or (a.timing = 'week' and exists (
      select from weeks w where w.year = a.week and w.monday <= ${span.to}::date and w.monday + 6 >= ${span.from}::date))
    or (a.repeating and exists (
      select from occurrences o where o.activity = a.id and o.status = 'on'
        and o.start_day <= ${span.to}::date and o.end_day >= ${span.from}::date)))`
}

/** The words. The week is one of the words of an activity, for the index of words knows no columns; asking for the column as well would only read a second index. They are read once, not for each row. */
const searched = (words: string, year: number | null): Condition =>
  year === null
    ? sql`a.search @@ (select asked(${words}))`
    : sql`a.search @@ (select asked(${words})) and a.search @@ ${`'week:${year}'`}::tsquery`

/** Answers what a row `a` of activities must fulfil to be an answer to the filter; `year` is the week asked about, null for all. */
export function conditionsOf(filter: Filter, year: number | null): Condition {
  const all: Condition[] = [listed]
  if (filter.q !== null) all.push(searched(filter.q, year))
  else if (year !== null) all.push(sql`a.week = ${year}`)
  if (filter.kind.length > 0) all.push(anyOf('a.kind', filter.kind))
  if (filter.country.length > 0) all.push(anyOf('a.country', filter.country))
  if (filter.near !== null) all.push(near(filter.near, filter.within))
  if (filter.online === true) all.push(sql`a.mode in ('online', 'hybrid')`)
  if (filter.online === false) all.push(sql`a.mode in ('in-person', 'hybrid')`)
  if (filter.language.length > 0) {
    // "en" is also what is held in "en-GB" (RFC 4647, basic filtering); "en-GB" is that alone.
    const languages = [...filter.language]
    all.push(sql`exists (select from unnest(a.languages || a.sign_languages) spoken, unnest(${languages}::text[]) asked
      where spoken = asked or starts_with(spoken, asked || '-'))`)
  }
  if (filter.access.length > 0) all.push(sql`a.access @> ${[...filter.access]}::text[]`)
  if (filter.welcome.length > 0) all.push(sql`a.welcome && ${[...filter.welcome]}::text[]`)
  if (filter.group !== null) {
    all.push(sql`a."group" = (select g.id from groups g where g.slug = ${filter.group} and not g.hidden)`)
  }
  const span = daysOf(filter)
  if (span !== null) all.push(span.from > span.to ? sql`false` : onDays(span))
  return sql.join(all, sql` and `)
}
