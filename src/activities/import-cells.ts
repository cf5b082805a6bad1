import { countryCodes } from '#kernel/countries.ts'
import { westernDigits } from '#kernel/input.ts'
import { addDays, realDay, sayCountry, sayLanguage, type Day } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

/** Which of two numbers in "03/04/2027" is the day. */
export const dateOrders = ['day-first', 'month-first'] as const
export type DateOrder = (typeof dateOrders)[number]

/** A day that was read, with the time or the instant that stood behind it; "ask" when two days are possible; null when it is none. */
export type ReadDay = { day: Day; time: string | null; instant: Date | null } | 'ask' | null

const months = new Map<string, number>(
  ['en', 'cy', 'da', 'de', 'es', 'fr'].flatMap((language) =>
    Array.from({ length: 12 }, (_, month) => month).flatMap((month) =>
      (['long', 'short'] as const).map(
        (length) =>
          [
            plainWords(
              new Intl.DateTimeFormat(language, { month: length, timeZone: 'UTC' }).format(
                new Date(Date.UTC(2027, month, 15)),
              ),
            ),
            month + 1,
          ] as const,
      ),
    ),
  ),
)
months.set('sept', 9)

const two = (number: number | string): string => String(number).padStart(2, '0')
const year = (words: string): string => (words.length === 2 ? `20${words}` : words)
const dayOf = (y: string, m: number | string, d: number | string): Day | null => {
  const day = `${year(y)}-${two(m)}-${two(d)}`
  return realDay(day) ? day : null
}

/** A spreadsheet counts the days from the last of 1899. */
const serial = (words: string): Day | null =>
  /^[3-7]\d{4}$/.test(words) ? addDays('1899-12-30', Number(words)) : null

function slashed(words: string, order: DateOrder | null): string | null {
  const found = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(words)
  if (!found) return null
  const [, first = '', sign, second = '', y = ''] = found
  if (sign === '.') return dayOf(y, second, first)
  if (Number(first) > 12) return dayOf(y, second, first)
  if (Number(second) > 12) return dayOf(y, first, second)
  if (Number(first) === Number(second)) return dayOf(y, first, second)
  if (order === null) return dayOf(y, first, second) === null ? null : 'ask'
  return order === 'day-first' ? dayOf(y, second, first) : dayOf(y, first, second)
}

function named(words: string): Day | null {
  const parts = plainWords(words)
    .split(' ')
    .map((part) => part.replace(/^(\d{1,2})(st|nd|rd|th)$/, '$1'))
  const month = parts.map((part) => months.get(part)).find((one) => one !== undefined)
  const y = parts.find((part) => /^\d{4}$/.test(part))
  const d = parts.find((part) => /^\d{1,2}$/.test(part))
  return month !== undefined && y !== undefined && d !== undefined ? dayOf(y, month, d) : null
}

/** Answers in which order a day is written with strokes, when only one can be meant; "open" when both can, null when the words are no such day. */
export function orderIn(words: string): DateOrder | 'open' | null {
  const [, first, , second] = /^(\d{1,2})([/-])(\d{1,2})\2/.exec(westernDigits(words).trim()) ?? []
  const read = readDay(words, null)
  if (read === null || first === undefined || Number(first) === Number(second)) return null
  if (read === 'ask') return 'open'
  return Number(first) > 12 ? 'day-first' : 'month-first'
}

/** Reads a day as people write it: 2027-10-19, 19/10/2027, 10/19/2027, 19.10.27, "Tuesday 19 October 2027", a spreadsheet's own number; a time may stand behind it. */
export function readDay(words: string, order: DateOrder | null): ReadDay {
  const clean = westernDigits(words).trim()
  const plain = { time: null, instant: null }
  const iso = /^(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?:[T ]+(\d.*))?$/.exec(clean)
  if (iso) {
    const day = dayOf(iso[1] ?? '', iso[2] ?? '', iso[3] ?? '')
    if (day === null) return null
    if (iso[4] === undefined) return { day, ...plain }
    const zoned = /^(\d\d:?\d\d)(?::?\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)$/.exec(iso[4])
    if (zoned) {
      const [, clock = '', offset = ''] = zoned
      const sign = offset === 'Z' ? 'Z' : offset.replace(/^(...):?/, '$1:')
      const instant = new Date(`${day}T${clock.replace(/^(\d\d):?/, '$1:')}:00${sign}`)
      return Number.isNaN(instant.getTime()) ? null : { day, time: null, instant }
    }
    const time = readTime(iso[4].replace(/\.\d+$/, ''))
    return time === null ? null : { day, time, instant: null }
  }
  const behind =
    /^(\S*\d{4}|\d{1,2}\/\d{1,2}\/\d\d|\d{1,2}\.\d{1,2}\.\d\d)[,\s]+(\d{1,2}[:.h].*|\d{1,2}\s*[ap]m)$/i.exec(
      clean,
    )
  const only = behind ? (behind[1] ?? '') : clean
  const day = serial(only) ?? slashed(only, order) ?? named(only)
  if (day === 'ask' || day === null) return day
  const time = behind ? readTime(behind[2] ?? '') : null
  return behind && time === null ? null : { day, time, instant: null }
}

/** Reads a time as people write it: 9:30, 09.30, 9h30, 9am, 9:30 pm, 0930, a part of a day; null when it is none. */
export function readTime(words: string): string | null {
  const clean = westernDigits(words).trim().toLowerCase()
  const part = /^0?\.\d{3,}$|^0\.\d+$/.test(clean) ? Math.round(Number(clean) * 1440) : null
  if (part !== null) return part < 1440 ? `${two(Math.floor(part / 60))}:${two(part % 60)}` : null
  if (clean === 'noon' || clean === 'midday') return '12:00'
  const found = /^(\d{1,2})(?:[:.h]?(\d\d))?(?::\d\d)?\s*(a\.?m\.?|p\.?m\.?|h|uhr|o'clock)?$/.exec(clean)
  if (!found) return null
  const [, h = '', m = '00', half] = found
  if (found[2] === undefined && half === undefined) return null
  let hour = Number(h)
  if (half?.startsWith('a') || half?.startsWith('p')) {
    if (hour < 1 || hour > 12) return null
    hour = (hour % 12) + (half.startsWith('p') ? 12 : 0)
  }
  return hour < 24 && Number(m) < 60 ? `${two(hour)}:${m}` : null
}

/** Answers the letters of a column in a spreadsheet: 0 is A, 26 is AA. */
export const lettersOf = (at: number): string =>
  at < 26
    ? String.fromCharCode(65 + at)
    : lettersOf(Math.floor(at / 26) - 1) + String.fromCharCode(65 + (at % 26))

/** Answers the parts of a cell that holds several. */
export const partsOf = (words: string): string[] =>
  words
    .split(/[;|\n]/)
    .map((part) => part.trim())
    .filter(Boolean)

/** Reads codes or names parted by ";" (or by "," when no name has one); answers the first part that is neither as `wrong`. */
export function readCodes(
  words: string,
  names: ReadonlyMap<string, string>,
): { codes: string[]; wrong: string | null } {
  const parts = partsOf(words).flatMap((part) => (names.has(plainWords(part)) ? [part] : part.split(',')))
  const codes = new Set<string>()
  for (const part of parts.map((one) => one.trim()).filter(Boolean)) {
    const code = names.get(plainWords(part))
    if (code === undefined) return { codes: [...codes], wrong: part.slice(0, 60) }
    codes.add(code)
  }
  return { codes: [...codes], wrong: null }
}

const yes = new Set(['yes', 'y', 'true', '1', 'x', 'ja', 'oui', 'si', 'ie', 'ydw'])
const no = new Set(['no', 'n', 'false', '0', 'nein', 'non', 'nej', 'na'])
/** Reads a yes or a no; null when it is neither. */
export function readYes(words: string): boolean | null {
  const plain = plainWords(words)
  if (yes.has(plain)) return true
  return no.has(plain) ? false : null
}

const countryNames = new Map<string, string>([
  ...countryCodes.flatMap((code) =>
    ['en', 'de', 'fr', 'es', 'da', 'cy'].map(
      (language) => [plainWords(sayCountry(code, language)), code] as const,
    ),
  ),
  ...countryCodes.map((code) => [code.toLowerCase(), code] as const),
  ...Object.entries({
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
])
/** Reads a country by its two letters or its name; null when there is none. */
export const readCountry = (words: string): string | null => countryNames.get(plainWords(words)) ?? null

const tags =
  'en cy ga gd fr de es pt it nl da sv no nb nn fi is pl cs sk sl hr sr bs hu ro bg el tr ru uk be lt lv et mt sq mk ' +
  'ar fa he ur hi bn pa gu ta te ml kn mr ne si th vi id ms tl zh ja ko km lo my sw am so ti yo ig ha zu xh af ' +
  'eu ca gl eo'
const languageNames = new Map<string, string>(
  tags
    .split(' ')
    .flatMap((tag) => [
      [tag, tag] as const,
      [plainWords(sayLanguage(tag, 'en')), tag] as const,
      [plainWords(sayLanguage(tag, tag)), tag] as const,
    ]),
)
/** Reads languages by tag or by name, parted by ";" or ",". */
export const readLanguages = (words: string): { codes: string[]; wrong: string | null } =>
  readCodes(words, languageNames)

const signs = new Map<string, string>(
  Object.entries({
    bsl: 'bfi',
    bfi: 'bfi',
    'british sign language': 'bfi',
    isl: 'isg',
    isg: 'isg',
    'irish sign language': 'isg',
    asl: 'ase',
    ase: 'ase',
    'american sign language': 'ase',
    dgs: 'gsg',
    gsg: 'gsg',
    'german sign language': 'gsg',
    lsf: 'fsl',
    fsl: 'fsl',
    'french sign language': 'fsl',
    lse: 'ssp',
    ssp: 'ssp',
    'spanish sign language': 'ssp',
    dsl: 'dsl',
    'danish sign language': 'dsl',
    ngt: 'dse',
    dse: 'dse',
    'dutch sign language': 'dse',
    auslan: 'asf',
    asf: 'asf',
    nzsl: 'nzs',
    nzs: 'nzs',
    'international sign': 'ils',
    ils: 'ils',
  }),
)
/** Reads sign languages by their short name, name or code. */
export const readSigns = (words: string): { codes: string[]; wrong: string | null } => readCodes(words, signs)
