import type { CountryCount } from '#stories/server/reads/home.ts'
import type { Text } from '#kernel/messages.ts'
import { sayCountry, sayDays } from '#kernel/times.ts'
import { weekState, type Week } from '#weeks/week.ts'

/** Says where a week stands: "starts in 3 days", "on now in 14 countries", "over". */
export function sayStanding(week: Week, countries: number, now: Date, text: Text): string {
  const stand = weekState(week, now)
  if (stand.state === 'before') return text('home.stand.before', { days: stand.days })
  if (stand.state === 'on') return text('home.stand.on', { countries })
  return text('home.stand.over')
}

/** Says the days of a week: "18 to 24 October 2027". */
export const sayWeekDays = (week: Pick<Week, 'monday' | 'sunday'>, language: string): string =>
  sayDays(week.monday, week.sunday, language)

/** Says what the map shows: "96 activities: 34 in the United Kingdom, 12 in Australia, 9 in Denmark, and more." */
export function sayWorld(countries: readonly CountryCount[], text: Text, language: string): string {
  const count = countries.reduce((sum, one) => sum + one.count, 0)
  const placed = countries.filter((one) => one.country !== null)
  const named = placed
    .slice(0, 3)
    .map((one) =>
      text('home.map.one', { count: one.count, country: sayCountry(one.country ?? '', language) }),
    )
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  const all = placed.length > 3 ? [...named, text('home.map.more', { count: placed.length - 3 })] : named
  return text('home.map.words', { count, countries: placed.length, list: list.format(all) })
}

const center = (one: CountryCount): one is CountryCount & { country: string; lat: number; lon: number } =>
  one.country !== null && one.lat !== null && one.lon !== null

/** Answers one pin for each country, leading to its activities. */
export const pinsOf = (countries: readonly CountryCount[], year: number, text: Text, language: string) =>
  countries.filter(center).map(({ country, count, lat, lon }) => ({
    lat,
    lon,
    count,
    href: `/activities?week=${year}&country=${country}`,
    label: text('home.map.one', { count, country: sayCountry(country, language) }),
  }))
