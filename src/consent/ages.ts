import type { Rules } from '#consent/events.ts'
import type { Instant } from '#consent/ranges.ts'
import type { Given, Person } from '#consent/state.ts'
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

/** Answers when something was decided: what was signed on paper, on that day, however late it is written down (rule 21). */
export const decidedAt = ({ at, signed }: Pick<Given, 'at' | 'signed'>): Instant => Math.min(at, signed ?? at)

/** Answers whether somebody has come, since a moment, to an age at which they are asked again. */
export const hasGrownSince = (
  person: Pick<Person, 'band' | 'nextChange'>,
  rules: Parameters<typeof agesAsked>[0],
  { since, now }: { since: Instant; now: Instant },
): boolean =>
  agesAsked(rules).some((age) => {
    const moment = reaches(person, age) ?? -Infinity
    return since < moment && moment <= now
  })
