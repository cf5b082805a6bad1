import type { Mode } from '#activities/activity.ts'
import { mayGuest, type GuestFacts } from '#activities/rsvp.ts'
import type { Saying } from '#activities/when.ts'
import { countryCodes } from '#kernel/countries.ts'
import type { Language } from '#kernel/messages.ts'
import { sayCountry } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

/** Names that people write of countries, and that no list of names has. */
export const writtenCountries: ReadonlyMap<string, string> = new Map(
  Object.entries({
    uk: 'GB',
    england: 'GB',
    scotland: 'GB',
    wales: 'GB',
    'northern ireland': 'GB',
    'great britain': 'GB',
    usa: 'US',
    america: 'US',
    'united states of america': 'US',
    uae: 'AE',
    holland: 'NL',
    'czech republic': 'CZ',
    'republic of ireland': 'IE',
    turkey: 'TR',
  }),
)

function countryOf(words: string, language: Language): string | null {
  if (/^[A-Z]{2}$/.test(words) && countryCodes.includes(words)) return words
  const plain = plainWords(words)
  const listed = () => countryCodes.find((code) => plainWords(sayCountry(code, language)) === plain)
  return writtenCountries.get(plain) ?? listed() ?? null
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
