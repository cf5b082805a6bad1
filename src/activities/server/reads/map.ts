import { sql } from 'kysely'
import type { Box, Cluster } from '#activities/clusters.ts'
import { asksNothing, type Filter, type Point } from '#activities/filter.ts'
import { tallied, talliesKnow } from '#activities/server/reads/counts.ts'
import { conditionsOf, lonBetween } from '#activities/server/reads/conditions.ts'
import { yearOf, type Question } from '#activities/server/reads/week.ts'
import { ledgerOpen } from '#consent/server/ledger.ts'
import type { Db } from '#platform/server/db.ts'

const turned = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180
const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000

type ClusterRow = Record<'count' | 'lat' | 'lon' | 'west' | 'south' | 'east' | 'north', number> & {
  country: string | null
  first: string
}
type First = { slug: string; title: string; town: string | null; lat: number; lon: number }
const clusterOf = (row: ClusterRow, first: First | undefined): Cluster => ({
  count: row.count,
  // Where one of them is: the middle of two towns is often in the sea.
  lat: rounded(first?.lat ?? row.lat),
  lon: rounded(turned(first?.lon ?? row.lon)),
  box: [rounded(turned(row.west)), rounded(row.south), rounded(turned(row.east)), rounded(row.north)],
  slug: row.count === 1 ? row.first : null,
  title: row.count === 1 ? (first?.title ?? null) : null,
  country: row.country,
  town: first?.town ?? null,
})

/** The most pins that a map is given. */
export const mostClusters = 250

/** A map shows what happens: what was called off stays in the list alone. */
const onMap = sql`a.state = 'published' and a.public_lat is not null`

/** The width of a cell in degrees: what 64 pixels show at a zoom, but never so little that the box has more than 18 by 12 cells. */
export function cellOf([west, south, east, north]: Box, zoom: number): number {
  const width = west > east ? east + 360 - west : east - west
  return Math.max(45 / 2 ** zoom, width / 18, (north - south) / 12, 1e-6)
}

/** Answers the activities of a box on a grid that fits the zoom, at most `mostClusters` places however many activities there are, the fullest first. Of a whole week on a map of more than a country the half degrees that touch the edges count by their middle. */
export async function clustersIn(db: Db, question: Question, box: Box, zoom: number): Promise<Cluster[]> {
  const year = yearOf(question)
  if (year === undefined) return []
  const grid = { box, cell: cellOf(box, zoom) }
  if (year !== null && grid.cell >= 1 && asksNothing(question.filter)) {
    const known = await named(db, await notedPins(db, year, grid))
    if (known.every(({ count, title }) => count > 1 || title !== null)) return known
  }
  return named(db, await countedPins(db, question.filter, { ...grid, year }))
}

type Grid = { box: Box; cell: number }

async function countedPins(
  db: Db,
  filter: Filter,
  { box: [west, south, east, north], cell, year }: Grid & { year: number | null },
): Promise<ClusterRow[]> {
  // Counted from the west edge, so that nothing is parted at the date line.
  const along = sql`(case when a.public_lon < ${west}::float8 then a.public_lon + 360 else a.public_lon end)`
  const { rows } = await sql<ClusterRow>`
    select count(*) as count, avg(a.public_lat) as lat, avg(${along}) as lon,
      min(${along}) as west, min(a.public_lat) as south, max(${along}) as east, max(a.public_lat) as north,
      min(a.slug) as first, case when min(a.country) = max(a.country) then min(a.country) end as country
    from activities a
    where ${conditionsOf(filter, year)} and ${onMap}
      and a.public_lat between ${south} and ${north} and ${lonBetween(west, east)}
    group by floor((${along} - ${west}::float8) / ${cell}::float8), floor((a.public_lat - ${south}::float8) / ${cell}::float8)
    order by 1 desc, 2, 3 limit ${mostClusters}`.execute(db.withoutPlugins())
  return rows
}

/** The same from the sums by half degrees: at 75,000 activities a fortieth of the time. */
async function notedPins(db: Db, year: number, { box, cell }: Grid): Promise<ClusterRow[]> {
  const [west, south, east, north] = box
  const end = west > east ? east + 360 : east
  const { rows } = await sql<ClusterRow>`
    with noted as (
      select x, y, country, sum(published) as listed, sum(lat) as lat, sum(lon) as lon, min(one) as one,
        (x + 0.5::float8) / 2 + case when (x + 0.5::float8) / 2 < ${west}::float8 then 360 else 0 end as along
      from activity_cells where week = ${year} and ${ledgerOpen} group by x, y, country having sum(published) > 0
    )
    select sum(listed)::bigint as count, sum(lat) / sum(listed) as lat, sum(lon + listed * (along - (x + 0.5::float8) / 2)) / sum(listed) as lon,
      min(along) - 0.25 as west, min(y) / 2.0::float8 as south, max(along) + 0.25 as east, (max(y) + 1) / 2.0::float8 as north,
      (array_agg(one order by listed desc, one))[1] as first, case when min(country) = max(country) then min(country) end as country
    from noted
    where (y + 0.5::float8) / 2 between ${south}::float8 and ${north}::float8 and along <= ${end}::float8
    group by floor((along - ${west}::float8) / ${cell}::float8), floor(((y + 0.5::float8) / 2 - ${south}::float8) / ${cell}::float8)
    order by 1 desc, 2, 3 limit ${mostClusters}`.execute(db.withoutPlugins())
  return rows
}

/** Puts each pin where one of its activities is, with the name of the town. */
async function named(db: Db, rows: ClusterRow[]): Promise<Cluster[]> {
  const { rows: firsts } = await sql<First>`
    select slug, title, town, public_lat as lat, public_lon as lon from activities
    where slug = any(${rows.map((row) => row.first)}::text[]) and public_lat is not null and state = 'published'`.execute(
    db.withoutPlugins(),
  )
  const found = new Map(firsts.map((first) => [first.slug, first]))
  return rows.map((row) => clusterOf(row, found.get(row.first)))
}

/** A country of the map with how many stand there, and their middle. */
export type CountryCount = { country: string; count: number; point: Point }

/** A country with how many of it have no place that one can go to. */
export type OffMap = { country: string; count: number }

/** Answers how many activities stand in each country, the most first, at their middle. `elsewhere` counts those that stand nowhere: online, or anywhere; `off` says of which countries those are that name one. What was cancelled is on no map. */
export async function clustersByCountry(
  db: Db,
  question: Question,
): Promise<{ countries: CountryCount[]; off: OffMap[]; elsewhere: number }> {
  const year = yearOf(question)
  if (year === undefined) return { countries: [], off: [], elsewhere: 0 }
  const known = year !== null && talliesKnow(question.filter)
  const rows = known
    ? await talliedCountries(db, question.filter, year)
    : await countedCountries(db, question, year)
  const countries = rows.flatMap(({ country, count: _count, placed, ...sums }) => {
    if (country === null || placed <= 0) return []
    // A country on both sides of the date line is narrower when its western half is counted on from 180°.
    const spread = (sum: number, squares: number): number => squares / placed - (sum / placed) ** 2
    const across = spread(sums.lonOn, sums.lonOnSquared) < spread(sums.lon, sums.lonSquared) - 1e-6
    const point = {
      lat: rounded(sums.lat / placed),
      lon: rounded(turned((across ? sums.lonOn : sums.lon) / placed)),
    }
    return [{ country, count: placed, point }]
  })
  const stand = countries.reduce((sum, { count }) => sum + count, 0)
  const off = rows.flatMap(({ country, count, placed }) =>
    country === null || count <= placed ? [] : [{ country, count: count - placed }],
  )
  return { countries, off, elsewhere: rows.reduce((sum, { count }) => sum + count, 0) - stand }
}

type CountrySums = { country: string | null; count: number; placed: number } & Record<
  'lat' | 'lon' | 'lonSquared' | 'lonOn' | 'lonOnSquared',
  number
>

async function talliedCountries(db: Db, filter: Filter, year: number): Promise<CountrySums[]> {
  const { rows } = await sql<CountrySums>`
    select country, sum(published)::bigint as count, sum(placed)::bigint as placed, sum(lat) as lat, sum(lon) as lon,
      sum(lon_squared) as "lonSquared", sum(lon_on) as "lonOn", sum(lon_on_squared) as "lonOnSquared"
    from activity_tallies where ${tallied(filter, year)} group by country order by 3 desc, 1`.execute(
    db.withoutPlugins(),
  )
  return rows
}

async function countedCountries(db: Db, { filter }: Question, year: number | null): Promise<CountrySums[]> {
  const on = sql`(case when a.public_lon < 0 then a.public_lon + 360 else a.public_lon end)`
  const { rows } = await sql<CountrySums>`
    select a.country, count(*) as count, count(a.public_lat) as placed, coalesce(sum(a.public_lat), 0) as lat,
      coalesce(sum(a.public_lon), 0) as lon, coalesce(sum(a.public_lon ^ 2), 0) as "lonSquared",
      coalesce(sum(${on}), 0) as "lonOn", coalesce(sum(${on} ^ 2), 0) as "lonOnSquared"
    from activities a where ${conditionsOf(filter, year)} and a.state = 'published'
    group by a.country order by 3 desc, 1`.execute(db.withoutPlugins())
  return rows
}

/** Answers the box that holds everything of a question, the short way round; null when nothing has a place. */
export async function boxAround(db: Db, question: Question): Promise<Box | null> {
  const year = yearOf(question)
  if (year === undefined) return null
  const on = sql`(case when a.public_lon < 0 then a.public_lon + 360 else a.public_lon end)`
  const { rows } = await sql<
    Record<'west' | 'south' | 'east' | 'north' | 'westOn' | 'eastOn', number | null>
  >`
    select min(a.public_lon) as west, min(a.public_lat) as south, max(a.public_lon) as east, max(a.public_lat) as north,
      min(${on}) as "westOn", max(${on}) as "eastOn"
    from activities a where ${conditionsOf(question.filter, year)} and ${onMap}`.execute(db.withoutPlugins())
  const row = rows[0]
  if (!row || row.west === null || row.east === null || row.westOn === null || row.eastOn === null)
    return null
  const across = row.eastOn - row.westOn < row.east - row.west
  const [west, east] = across ? [row.westOn, row.eastOn] : [row.west, row.east]
  return [turned(west), row.south ?? 0, turned(east), row.north ?? 0]
}

/** Answers the largest towns within so many kilometres, by which a close map can be read: at most eight, none nearer to another than an eighth of the way. */
export async function townsAround(
  db: Db,
  point: Point,
  km: number,
): Promise<{ name: string; lat: number; lon: number }[]> {
  const high = km / 111
  const wide = Math.min(180, high / Math.max(0.02, Math.cos((point.lat * Math.PI) / 180)))
  const { rows } = await sql<{ name: string; lat: number; lon: number }>`
    select name, lat, lon from places
    where lat between ${point.lat - high} and ${point.lat + high} and lon between ${point.lon - wide} and ${point.lon + wide}
    order by population desc, id limit 60`.execute(db)
  const kept: typeof rows = []
  for (const town of rows) {
    const clear = kept.every(
      (other) => Math.abs(other.lat - town.lat) > high / 5 || Math.abs(other.lon - town.lon) > wide / 2.5,
    )
    if (clear) kept.push(town)
  }
  return kept.slice(0, 8)
}
