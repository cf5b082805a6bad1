import { sayCountry } from '#kernel/times.ts'

/** Codes that Intl has a name for but nobody lives in as a country of its own. */
const none = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'])

const letters = Array.from({ length: 26 }, (_, place) => String.fromCharCode(65 + place))
const known = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** The ISO 3166-1 codes of all countries and territories; names that were replaced (BU for Burma) are left out. */
export const countryCodes: readonly string[] = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter(
    (code) =>
      !none.has(code) &&
      known.of(code) !== undefined &&
      Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`,
  )

const lists = new Map<string, { value: string; label: string }[]>()

/** Answers all countries by name in the order of a language, for choosing one. */
export function countryChoices(language: string): { value: string; label: string }[] {
  let list = lists.get(language)
  if (!list) {
    const { compare } = new Intl.Collator(language)
    list = countryCodes
      .map((value) => ({ value, label: sayCountry(value, language) }))
      .toSorted((one, other) => compare(one.label, other.label))
    lists.set(language, list)
  }
  return list
}
