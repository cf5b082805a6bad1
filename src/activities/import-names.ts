import { partsOf } from '#activities/import-cells.ts'
import { writtenCountries } from '#activities/where.ts'
import { countryCodes } from '#kernel/countries.ts'
import { sayCountry, sayLanguage } from '#kernel/times.ts'
import { plainWords } from '#kernel/words.ts'

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
  ...writtenCountries,
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
