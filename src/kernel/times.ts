import { Temporal } from 'temporal-polyfill'

/** A calendar day, "2027-10-18". */
export type Day = string
/** A wall-clock time somewhere, "2027-10-18T10:00". */
export type Local = string

/** Names that the time zone database has since corrected; Intl still answers with the old ones. */
const renamed: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** Answers the IANA zone that a name means, aliases resolved to the name in use today, or null when there is none. */
export function zoneOf(name: string): string | null {
  const known = zones.get(name)
  if (known !== undefined) return known
  const found = findZone(name)
  // Making a format takes a tenth of a millisecond; only real names are kept, and there are few.
  if (found !== null) zones.set(name, found)
  return found
}
const zones = new Map<string, string>()

function findZone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return null
  try {
    const found = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
    return renamed[found] ?? found
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const localPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** Answers whether the words are a day that exists, written year-month-day. */
export function realDay(words: string): words is Day {
  if (!dayPattern.test(words)) return false
  const date = new Date(`${words}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(words)
}

/** Answers whether the words are a day and a time that some clock can show. */
export const realLocal = (words: string): words is Local =>
  localPattern.test(words) && realDay(words.slice(0, 10)) && /T([01]\d|2[0-3]):[0-5]\d$/.test(words)

/** How often a wall-clock time happens in a zone: clocks that go forward skip some, clocks that go back repeat some. */
export type Happens = 'once' | 'never' | 'twice'

/** Answers how often a local time happens in a zone. */
export function happens(local: Local, zone: string): Happens {
  const plain = Temporal.PlainDateTime.from(local)
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return 'once'
  return earlier.toPlainDateTime().equals(plain) ? 'twice' : 'never'
}

/** Answers the instant of a local time; one that does not exist moves forward by the gap, of two the earlier is taken unless the later is asked for. */
export function instantOf(local: Local, zone: string, which: 'earlier' | 'later' = 'earlier'): Date {
  const plain = Temporal.PlainDateTime.from(local)
  const skipped = happens(local, zone) === 'never'
  const zoned = plain.toZonedDateTime(zone, { disambiguation: skipped ? 'compatible' : which })
  return new Date(zoned.epochMilliseconds)
}

/** Answers what the clocks of a zone show at an instant. */
export const localOf = (instant: Date, zone: string): Local =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

/** Answers the day it is in a zone at an instant. */
export const dayOf = (instant: Date, zone: string): Day => localOf(instant, zone).slice(0, 10)

/** Answers the day so many days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

/** Answers how many days the second day lies after the first. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** Answers the day of the week, Monday 0 to Sunday 6. */
export const weekdayOf = (day: Day): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7

/** Answers the instant at which the first place on Earth (UTC+14) begins a day. */
export const dayBeginsSomewhere = (day: Day): Date =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 14 * 3_600_000)

/** Answers the instant at which the last place on Earth (UTC−12) ends a day. */
export const dayEndsEverywhere = (day: Day): Date =>
  new Date(Date.parse(`${addDays(day, 1)}T00:00:00Z`) + 12 * 3_600_000)

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${JSON.stringify(options)}`
  let format = formats.get(name)
  if (!format) {
    format = new Intl.DateTimeFormat(language, options)
    formats.set(name, format)
  }
  return format
}

/** British dates put the day first; plain "en" would not. */
const spoken = (language: string): string => (language === 'en' ? 'en-GB' : language)

const said = new Map<string, string>()

/** Intl looks everything up anew each time, and a list of fifty says the same few days and countries over and over: what was said is kept. */
function once(key: string, say: () => string): string {
  let words = said.get(key)
  if (words === undefined) {
    if (said.size > 5000) said.clear()
    words = say()
    said.set(key, words)
  }
  return words
}

/** Says a day: "Monday 18 October 2027", without the year unless asked. */
export const sayDay = (day: Day, language: string, year = false): string =>
  once(`day ${language} ${day} ${year}`, () =>
    formatOf(spoken(language), {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(year && { year: 'numeric' }),
      timeZone: 'UTC',
    })
      .format(new Date(`${day}T00:00:00Z`))
      .replace(',', ''),
  )

/** Says a month: "October 2027". */
export const sayMonth = (day: Day, language: string): string =>
  formatOf(spoken(language), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )

/** Answers the months of the year by name, for choosing one. */
export const monthChoices = (language: string): { value: string; label: string }[] =>
  Array.from({ length: 12 }, (_, at) => {
    const month = String(at + 1).padStart(2, '0')
    const label = formatOf(spoken(language), { month: 'long', timeZone: 'UTC' }).format(
      new Date(`2027-${month}-01T00:00:00Z`),
    )
    return { value: month, label }
  })

/** Says the time of a local time: "10:00". */
export const sayTime = (local: Local): string => local.slice(11, 16)

/** Says the zone of an instant in words: "British Summer Time". */
export const sayZone = (instant: Date, zone: string, language: string): string =>
  formatOf(spoken(language), { timeZone: zone, timeZoneName: 'long' })
    .formatToParts(instant)
    .find((part) => part.type === 'timeZoneName')?.value ?? zone

/** Says a range of days: "18 to 24 October 2027" in the language's own way. */
export const sayDays = (from: Day, to: Day, language: string): string =>
  once(`days ${language} ${from} ${to}`, () =>
    formatOf(spoken(language), {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }).formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)),
  )

type Names = 'region' | 'language'
const names = new Map<string, Intl.DisplayNames>()
function namesOf(type: Names, language: string): Intl.DisplayNames {
  const key = `${type} ${language}`
  let found = names.get(key)
  if (!found) {
    found = new Intl.DisplayNames([spoken(language)], { type })
    names.set(key, found)
  }
  return found
}
const sayName = (type: Names, code: string, language: string): string =>
  once(`${type} ${language} ${code}`, () => {
    try {
      return namesOf(type, language).of(code) ?? code
    } catch (error) {
      // Not a code at all: it is said as it stands.
      if (!(error instanceof RangeError)) throw error
      return code
    }
  })

/** Says a country: "United Kingdom". */
export const sayCountry = (code: string, language: string): string => sayName('region', code, language)

/** Says a language by its BCP 47 tag: "Welsh". */
export const sayLanguage = (tag: string, language: string): string => sayName('language', tag, language)
