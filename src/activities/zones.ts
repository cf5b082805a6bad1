import { sayZone, zoneOf } from '#kernel/times.ts'

/** Answers every time zone somebody can choose, by its place, with its own words at an instant: "London, Europe – British Summer Time". */
export function zonesIn(language: string, at: Date): { value: string; label: string }[] {
  const names = new Set(Intl.supportedValuesOf('timeZone').map((name) => zoneOf(name) ?? name))
  return [...names]
    .filter((name) => name.includes('/'))
    .map((name) => {
      const [area = '', ...rest] = name.replaceAll('_', ' ').split('/')
      return {
        value: name,
        label: `${rest.toReversed().join(', ')}, ${area} (${sayZone(at, name, language)})`,
      }
    })
    .toSorted((a, b) => a.label.localeCompare(b.label, language))
}
