import { sql } from 'kysely'
import { askName, type TownAnswer, type TownAnswers, type TownAsk } from '#activities/import-where.ts'
import { clearOf } from '#activities/server/reads/towns.ts'
import { sayTown } from '#activities/where.ts'
import { plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'
import type { Place } from '#platform/server/places.ts'

/** How many names are looked up in one question. */
const atOnce = 5000

/** Answers the towns that many rows ask for, each name once. Asks nobody outside. */
export async function townsFor(db: Db, asks: readonly TownAsk[]): Promise<TownAnswers> {
  const distinct = [...new Map(asks.map((ask) => [askName(ask), ask])).values()]
  const answers = new Map<string, TownAnswer>()
  for (let at = 0; at < distinct.length; at += atOnce) {
    const part = distinct.slice(at, at + atOnce)
    const { rows } = await sql<Place & { nr: number }>`
      select q.nr::int as nr, p.id, p.name, p.region, p.country, p.lat, p.lon, p.zone, p.population
      from unnest(${part.map((ask) => plainWords(ask.name))}::text[], ${part.map((ask) => ask.country)}::text[])
        with ordinality as q (name, country, nr)
      join places p on p.plain_name = q.name and (q.country is null or p.country = q.country)
      order by q.nr, p.population desc`.execute(db)
    const found = Map.groupBy(rows, (row) => row.nr)
    for (const [place, ask] of part.entries()) {
      const towns = found.get(place + 1)
      if (towns) answers.set(askName(ask), answerOf(ask, towns))
    }
  }
  return answers
}

function answerOf(ask: TownAsk, all: Place[]): TownAnswer {
  const region = ask.region === null ? null : plainWords(ask.region)
  const there = all.filter((town) => region !== null && plainWords(town.region) === region)
  const towns = there.length > 0 ? there : all
  return {
    town: clearOf(towns),
    towns: [...new Set(towns.map((town) => sayTown(town, 'en')))].slice(0, 5),
  }
}
