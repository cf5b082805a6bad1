import { zoneOf } from '#kernel/times.ts'
import type { Db } from '#platform/server/db.ts'
import { isOnEverywhere, isOnIn, weekState, type Week } from '#weeks/week.ts'

/** More places of one country than this are not looked at one by one. */
const mostPlaces = 5000

/** Answers in how many of some countries a week is on at this moment: it is one of its seven days there, by the clock of at least one of its activities. Asks the database only while a country's own clocks disagree: at most 26 hours at either end. */
export async function countriesOnNow(
  db: Db,
  week: Pick<Week, 'year' | 'monday' | 'state'>,
  countries: readonly { country: string }[],
  now: Date,
): Promise<number> {
  if (weekState(week, now).state !== 'on') return 0
  if (isOnEverywhere(week, now)) return countries.length
  const on = onWhere(week, now)
  let count = 0
  const unsure: string[] = []
  for (const { country } of countries) {
    const clocks = new Set(zonesOf(country).map(on))
    if (clocks.size === 1) count += clocks.has(true) ? 1 : 0
    else unsure.push(country)
  }
  return unsure.length === 0 ? count : count + (await countOn(db, week, unsure, on))
}

type On = (zone: string) => boolean

/** Whether a week is on by the clock of a zone; each zone is looked at once. */
function onWhere(week: Pick<Week, 'monday'>, now: Date): On {
  const known = new Map<string, boolean>()
  return (zone) => {
    const is = known.get(zone) ?? isOnIn(week, zone, now)
    known.set(zone, is)
    return is
  }
}

/** The zones a country has; none for a code that is no country of the zone table. */
function zonesOf(country: string): readonly string[] {
  const zones = new Intl.Locale(`und-${country}`).getTimeZones() ?? []
  return zones.map(zoneOf).filter((zone) => zone !== null)
}

async function countOn(
  db: Db,
  week: Pick<Week, 'year'>,
  countries: readonly string[],
  on: On,
): Promise<number> {
  const rows = await db
    .selectFrom('activities')
    .select(['country', 'zone', 'publicLat', 'publicLon'])
    .distinct()
    .where('week', '=', week.year)
    .where('country', 'in', countries)
    .where('state', '=', 'published')
    .limit(mostPlaces)
    .execute()
  const { default: zoneAt } = await import('@photostructure/tz-lookup')
  const found = new Set<string>()
  for (const { country, zone, publicLat, publicLon } of rows) {
    if (country === null || found.has(country)) continue
    // What has no hour has no zone of its own: its place tells, and without a place any clock of its country.
    const there = publicLat !== null && publicLon !== null ? zoneOf(zoneAt(publicLat, publicLon)) : null
    const own = zonesOf(country)
    const zones = zone !== null ? [zone] : there !== null && own.includes(there) ? [there] : own
    if (zones.some(on)) found.add(country)
  }
  return found.size
}
