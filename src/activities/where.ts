import type { Mode } from '#activities/activity.ts'
import { mayGuest, type GuestFacts } from '#activities/rsvp.ts'
import type { Saying } from '#activities/when.ts'
import type { Language } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

/** The countries somebody can choose, by their two letters. */
export const countryCodes: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM ' +
  'FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN ' +
  'MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT ' +
  'PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TC TD TF TG TH TJ TK TL ' +
  'TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
).split(' ')

/** Answers the countries with their names, in the order of the language. */
export const countriesIn = (language: Language): { value: string; label: string }[] =>
  countryCodes
    .map((code) => ({ value: code, label: sayCountry(code, language) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, language))

/** Short names that people write of countries. */
const short: Record<string, string> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'great britain': 'GB',
  usa: 'US',
  america: 'US',
  uae: 'AE',
  holland: 'NL',
}

function countryOf(words: string, language: Language): string | null {
  if (/^[A-Z]{2}$/.test(words) && countryCodes.includes(words)) return words
  const plain = plainWords(words)
  return short[plain] ?? countryCodes.find((code) => plainWords(sayCountry(code, language)) === plain) ?? null
}

/** What a line of where says: the name of the place, the words of its town, a region's short name, a country. */
export type PlaceWords = {
  name: string | null
  town: string
  region: string | null
  country: string | null
}

/** Reads "Community Centre, Leeds, United Kingdom" into its parts; one part alone is a town. */
export function readPlaceWords(words: string, language: Language): PlaceWords {
  const parts = words
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  const take = <Found>(read: (part: string) => Found | null): Found | null => {
    const last = parts.at(-1)
    const found = parts.length > 1 && last !== undefined ? read(last) : null
    if (found !== null) parts.pop()
    return found
  }
  // "Portland, OR": two capitals that stand behind a town and before a country are a region; alone they may be either.
  const country = take((part) => (/^[A-Z]{2}$/.test(part) ? null : countryOf(part, language)))
  const region = take((part) => (/^[A-Z]{2,3}$/.test(part) ? part : null))
  const asCountry = country === null && region !== null ? countryOf(region, language) : null
  const town = parts.pop() ?? ''
  return { name: parts.length > 0 ? parts.join(', ') : null, town, region, country: country ?? asCountry }
}

/** Answers whether words have no letter in which the bundled list writes its towns: it has them in Latin letters alone. */
export const otherScript = (words: string): boolean =>
  /\p{L}/u.test(words) && !/\p{Script=Latin}/u.test(words)

/** Answers the parts of some words that may name a town, the whole first, then shorter ones from the end. */
export function townGuesses(words: string): string[] {
  const parts = words.split(' ').filter(Boolean).slice(0, 8)
  const guesses: string[] = [words]
  for (let length = Math.min(3, parts.length - 1); length > 0; length -= 1) {
    for (let at = parts.length - length; at >= 0; at -= 1) {
      guesses.push(parts.slice(at, at + length).join(' '))
    }
  }
  return guesses
}

/** Says a town so that it can be told from others of its name: "Portland, OR, United States". */
export const sayTown = (
  town: { name: string; region: string; country: string },
  language: Language,
): string =>
  [town.name, /^[A-Z]{2,3}$/.test(town.region) && town.region, sayCountry(town.country, language)]
    .filter(Boolean)
    .join(', ')

export type Place = {
  mode: Mode
  placeName?: string | null
  address?: string | null
  town: string | null
  country: string | null
  privatePlace?: boolean
}

/** Says where in one line what anybody may know, in the one way there is; a private place by its town only: "Community Centre, Leeds, United Kingdom", "Online, from Aarhus, Denmark". */
export function sayWhere(place: Place, { text, language }: Saying): string {
  const named = [
    ...(place.privatePlace || place.mode === 'online' ? [] : [place.placeName, place.address]),
    place.town,
    place.country && sayCountry(place.country, language),
  ]
    .filter(Boolean)
    .join(', ')
  switch (place.mode) {
    case 'nowhere':
      return named === '' ? text('where.nowhere') : named
    case 'online':
      return named === '' ? text('where.online') : text('where.online-from', { place: named })
    case 'hybrid':
      return named === '' ? text('where.online') : text('where.hybrid', { place: named })
    case 'in-person':
      return named
  }
}

/** Says where to somebody who comes: the exact place or "online" when their link may see it, else what anybody may know. */
export function sayWhereTo(
  joining: 'in-person' | 'online',
  place: Place,
  facts: GuestFacts,
  say: Saying,
): string {
  if (joining === 'online') return say.text('where.online')
  const hidden = place.privatePlace === true && !mayGuest('see-place', facts)
  return sayWhere({ ...place, mode: 'in-person', privatePlace: hidden }, say)
}
