import { readCountry, readYes } from '#activities/import-names.ts'
import { readMode, type About, type Row } from '#activities/import.ts'
import type { Mode } from '#activities/activity.ts'
import type { NewPlace } from '#activities/say.ts'
import { otherScript, readPlaceWords, townGuesses } from '#activities/where.ts'
import { plainWords } from '#kernel/words.ts'

/** A question for a town: its name, and what narrows it. */
export type TownAsk = { name: string; region: string | null; country: string | null }
export type KnownTown = {
  name: string
  country: string
  region: string
  lat: number
  lon: number
  zone: string
}
/** The one that is meant, or those it may be; nothing when there is none of that name. */
export type TownAnswer = { town: KnownTown | null; towns: string[] }
export type TownAnswers = ReadonlyMap<string, TownAnswer>

/** The name a question is kept under. */
export const askName = (ask: TownAsk): string =>
  `${plainWords(ask.name)}|${plainWords(ask.region ?? '')}|${ask.country ?? ''}`

/** What a row says of where, before its town is looked up. */
function wordsOf(row: Row) {
  const written = row.cell('town') || row.cell('where')
  const words = readPlaceWords(written, 'en')
  const country = readCountry(row.cell('country')) ?? words.country
  const region = row.cell('region') || words.region
  return { ...words, country, region, whole: row.cell('town') !== '' }
}

/** Answers the towns a row may mean, the likeliest first; none when it names no place. A line of where may hold a street and a postcode too. */
export function townAsks(row: Row): TownAsk[] {
  const words = wordsOf(row)
  if (words.town === '') return []
  const lines = words.whole ? [words.town] : [words.town, ...(words.name?.split(', ').toReversed() ?? [])]
  const names = words.whole ? lines : lines.slice(0, 4).flatMap((line) => townGuesses(line))
  return [...new Set(names)]
    .filter((name) => words.whole || /\p{L}{3}/u.test(name))
    .slice(0, 40)
    .map((name) => ({ name: name.slice(0, 60), region: words.region, country: words.country }))
}

/** Reads how somebody can be there: as the row says, else as its place and its link say. */
export function modeOf(row: Row, link: string | null): Mode | null {
  const said = row.cell('mode')
  const hasPlace = (['town', 'where', 'place', 'address', 'latitude'] as const).some(
    (one) => row.cell(one) !== '',
  )
  if (said !== '') {
    const mode = readMode(said)
    if (mode === null) row.wrong('mode', 'import.mistake.mode')
    return mode
  }
  if (hasPlace) return 'in-person'
  if (link !== null) return 'online'
  if (row.cell('date') === '' && row.cell('time') === '') return 'nowhere'
  row.wrong('mode', 'import.mistake.where')
  return null
}

function pointOf(row: Row): { lat: number; lon: number } | null {
  const [lat, lon] = (['latitude', 'longitude'] as const).map((one) => row.cell(one).replace(',', '.'))
  if (!lat && !lon) return null
  const good = (words: string | undefined, most: number): boolean =>
    words !== undefined && /^-?\d{1,3}(\.\d+)?$/.test(words) && Math.abs(Number(words)) <= most
  if (!good(lat, 90)) row.wrong('latitude', 'import.mistake.point')
  if (!good(lon, 180)) row.wrong('longitude', 'import.mistake.point')
  return good(lat, 90) && good(lon, 180) ? { lat: Number(lat), lon: Number(lon) } : null
}

/** Looks a row's town up among the answers; notes at the cell when it is not clear. */
function townOf(row: Row, about: About): KnownTown | null {
  const asks = townAsks(row)
  const column = row.cell('town') === '' ? 'where' : 'town'
  for (const ask of asks) {
    const answer = about.towns.get(askName(ask))
    if (answer?.town) return answer.town
    if (answer && answer.towns.length > 0) {
      const more = ask.country === null ? 'import.mistake.town-which' : 'import.mistake.town-region'
      row.wrong(column, more, { towns: answer.towns.join('; ') })
      return null
    }
  }
  if (asks.length === 0) row.wrong('town', 'import.mistake.town-needed')
  else {
    const town = asks[0]?.name ?? ''
    row.wrong(column, otherScript(town) ? 'import.mistake.town-script' : 'import.mistake.town-unknown', {
      town,
    })
  }
  return null
}

/** Answers where a row is, with the zone of its town; null with a mistake noted when that is not clear. */
export function placeOf(row: Row, about: About): { place: NewPlace; zone: string | null } | null {
  const point = pointOf(row)
  const before = row.mistakes.length
  if (row.cell('country') !== '' && readCountry(row.cell('country')) === null) {
    row.wrong('country', 'import.mistake.country')
  }
  const hides = row.cell('private') === '' ? about.choices.private : readYes(row.cell('private'))
  if (hides === null) row.wrong('private', 'import.mistake.yes')
  if (row.mistakes.length > before) return null
  const town = townOf(row, about)
  if (town === null) return null
  const words = wordsOf(row)
  const named = row.cell('place') || words.name
  const whole = words.town
  const name = named ?? (plainWords(whole) !== plainWords(town.name) && !words.whole ? whole : null)
  return {
    place: {
      name: name?.slice(0, 200) ?? null,
      address: row.cell('address').slice(0, 300) || null,
      town: town.name,
      country: town.country,
      lat: point?.lat ?? town.lat,
      lon: point?.lon ?? town.lon,
      exact: point !== null,
      private: hides ?? true,
      details: row.cell('find').slice(0, 1000) || null,
    },
    zone: town.zone,
  }
}
