import type { Rules } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import type { Person } from '#consent/state.ts'
import type { AgeBand } from '#kernel/permission-words.ts'

/** At which age the next band begins. */
const begins: Record<AgeBand, number> = { 'under-13': 13, '13-15': 16, '16-17': 18, adult: 18 }

/** Answers the moment at which somebody reaches an age (the first of the month of that birthday, UTC); long ago for an adult; null when nobody has said the month. */
export function reaches(person: Pick<Person, 'band' | 'nextChange'>, age: number): Instant | null {
  if (person.nextChange === null) return person.band === 'adult' ? -Infinity : null
  const date = new Date(person.nextChange)
  date.setUTCFullYear(date.getUTCFullYear() + age - begins[person.band])
  return date.getTime()
}

/** Answers the ages at which somebody is asked again (rule 21): 16, 18, the age of the policy (13 in most nations, 12 in Scotland), and the one from which it lets people decide. */
export const agesAsked = (rules: readonly Pick<Rules, 'askedAgainAt' | 'decidesAt'>[]): number[] => [
  ...new Set([16, 18, ...rules.flatMap(({ askedAgainAt, decidesAt }) => [askedAgainAt, decidesAt])]),
]
