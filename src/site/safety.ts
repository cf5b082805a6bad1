import safety from '../../scripts/seed/safety.json' with { type: 'json' }

type Words = Record<string, string>
type Routes = {
  code?: string
  names: Words
  emergency: { number: string; for: Words }[]
  routes: Words[]
  note?: Words
}

const everywhere: Routes = safety.generic
const countries: Routes[] = safety.countries

/** Where to turn in a country when somebody may be in danger, in words of one language. */
export type SafetyRoutes = {
  name: string
  emergency: { number: string; for: string }[]
  routes: string[]
  note: string | null
}

const said = (words: Words, language: string): string => words[language] ?? words['en'] ?? ''

/** Answers the countries whose routes are known, by name. */
export const safetyCountries = (language: string): { code: string; name: string }[] =>
  countries
    .map((country) => ({ code: country.code ?? '', name: said(country.names, language) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))

/** Answers where to turn in a country; what holds in most countries when it is not known. */
export function safetyRoutes(code: string | null, language: string): SafetyRoutes {
  const found = countries.find((country) => country.code === code) ?? everywhere
  return {
    name: said(found.names, language),
    emergency: found.emergency.map((line) => ({ number: line.number, for: said(line.for, language) })),
    routes: found.routes.map((route) => said(route, language)),
    note: found.note ? said(found.note, language) : null,
  }
}
