import { sayTown } from '#activities/where.ts'
import { lookUpTown } from '#activities/server/reads/towns.ts'
import { localOf, sayTime, sayZone } from '#kernel/times.ts'
import { cleanLine } from '#kernel/words.ts'
import type { RequestHandler } from './$types'

/** At most ten towns that some words may mean, with the zone of each in words; from our own list of the world's towns. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { db, language, now } = locals
  const words = cleanLine(url.searchParams.get('q') ?? '').slice(0, 100)
  const found = words.length < 2 ? null : await lookUpTown(db, words, null, language)
  const towns = (found?.towns ?? []).slice(0, 10).map((town) => ({
    label: sayTown(town, language),
    town: town.name,
    country: town.country,
    lat: town.lat,
    lon: town.lon,
    zone: town.zone,
    zoneWords: sayZone(now, town.zone, language),
    time: sayTime(localOf(now, town.zone)),
  }))
  return new Response(JSON.stringify({ towns, clear: found?.town ? sayTown(found.town, language) : null }), {
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  })
}
