import { sayZone, zoneOf } from '#kernel/times.ts'

type Zone = { value: string; label: string }

/** Saying four hundred zones takes ten milliseconds of every form that asks for one; their words change on the hour at most. */
const said = new Map<string, readonly Zone[]>()
const mostSaid = 50

/** Answers every time zone somebody can choose, by its place, with its own words at an instant: "London, Europe – British Summer Time". */
export function zonesIn(language: string, at: Date): readonly Zone[] {
  const key = `${language} ${at.toISOString().slice(0, 13)}`
  const zones = said.get(key) ?? sayZones(language, at)
  if (said.size >= mostSaid) said.clear()
  said.set(key, zones)
  return zones
}

function sayZones(language: string, at: Date): Zone[] {
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
