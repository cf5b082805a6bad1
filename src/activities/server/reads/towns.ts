import { readPlaceWords, sayTown, townGuesses, type PlaceWords } from '#activities/where.ts'
import { countryCodes } from '#kernel/countries.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { cleanLine, plainWords } from '#kernel/words.ts'
import type { Db } from '#platform/server/db.ts'
import { findPlaces, type Place } from '#platform/server/places.ts'

/** How many times larger than the next of its name a town must be to be the one that is meant. */
const surely = 10

export type Looked = {
  words: PlaceWords
  /** The one town that is meant, when that is clear. */
  town: Place | null
  /** Else those it may be, best first. */
  towns: Place[]
}

/** Looks up the town in a line of where ("Community Centre, Leeds"). A country narrows the search. Asks nobody outside. */
export async function lookUpTown(
  db: Db,
  line: string,
  country: string | null,
  language: Language,
): Promise<Looked> {
  const words = readPlaceWords(line, language)
  const inside = country ?? words.country
  const alike: Place[] = []
  for (const guess of townGuesses(words.town)) {
    const towns = await findPlaces(db, guess, inside)
    const same = towns.filter((town) => plainWords(town.name) === plainWords(guess))
    const there = same.filter((town) => words.region === null || town.region === words.region)
    const exact = there.length > 0 ? there : same
    const whole = guess === words.town
    if (exact.length > 0) return { words, town: whole ? clearOf(exact) : null, towns: exact }
    if (whole) alike.push(...towns)
  }
  return { words, town: null, towns: alike }
}

/** Answers the one town of a name that is meant: the only one, or one ten times larger than the next. Larger ones come first. */
export function clearOf([first, second]: readonly Place[]): Place | null {
  if (!first) return null
  return !second || first.population >= second.population * surely ? first : null
}

/** Answers a larger town within about 100 km of each, to tell towns of one name apart. */
export async function largeTownsNear(db: Db, towns: readonly Place[]): Promise<Map<number, string>> {
  const near = new Map<number, string>()
  for (const town of towns) {
    const width = Math.min(180, 1 / Math.max(0.01, Math.cos((town.lat * Math.PI) / 180)))
    const found = await db
      .selectFrom('places')
      .select(['name', 'lat', 'lon'])
      .where('population', '>=', 100_000)
      .where((on) => on.or([on('lat', '<>', town.lat), on('lon', '<>', town.lon)]))
      .where('lat', '>', town.lat - 1)
      .where('lat', '<', town.lat + 1)
      .where('lon', '>', town.lon - width)
      .where('lon', '<', town.lon + width)
      .orderBy('id')
      .execute()
    const away = (other: { lat: number; lon: number }): number =>
      (other.lat - town.lat) ** 2 + ((other.lon - town.lon) / width) ** 2
    const nearest = found.toSorted((a, b) => away(a) - away(b))[0]
    if (nearest) near.set(town.id, nearest.name)
  }
  return near
}

/** Answers the towns that the line of where in a form may mean, each told from the others, to choose from. */
export async function townChoices(
  db: Db,
  values: Record<string, string | string[]>,
  language: Language,
): Promise<{ words: string; towns: { value: string; label: string; hint: string | undefined }[] }> {
  const typed = typeof values['place'] === 'string' ? cleanLine(values['place']).slice(0, 200) : ''
  const country = countryCodes.find((code) => code === values['country']) ?? null
  const { towns, words } = await lookUpTown(db, typed, country, language)
  const near = await largeTownsNear(db, towns)
  return {
    words: words.town,
    towns: towns.map((town) => {
      const large = near.get(town.id)
      const hint = large && textIn(language)('say.where.near', { town: large })
      return { value: String(town.id), label: sayTown(town, language), hint }
    }),
  }
}
