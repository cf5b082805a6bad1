import { ageBands, type AgeBand } from '#kernel/permission-words.ts'
import { realDay, type Day } from '#kernel/times.ts'

export const colours = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
  'brown',
  'grey',
] as const
export type Colour = (typeof colours)[number]

/** Somebody an organisation supports: initials or a colour, never a name. */
export type SupportedPerson = {
  id: string
  label: string
  colour: Colour | ''
  /** As it is now. */
  ageBand: AgeBand
  /** The first day of the month in which the next band begins; null for adults. */
  nextChange: Day | null
  parted: Date | null
  revision: number
}

/** How many years each band lasts before the next begins. */
const lasts: Record<AgeBand, number> = { 'under-13': 3, '13-15': 2, '16-17': 0, adult: 0 }

/** Answers in which band somebody is on a day, and when the next begins: from the month of one change all later ones follow. */
export function bandOn(
  kept: { ageBand: AgeBand; nextChange: Day | null },
  day: Day,
): { ageBand: AgeBand; nextChange: Day | null } {
  let { ageBand, nextChange } = kept
  while (nextChange !== null && nextChange <= day) {
    const years = lasts[ageBand]
    ageBand = ageBands[ageBands.indexOf(ageBand) + 1] ?? 'adult'
    nextChange = ageBand === 'adult' ? null : yearsLater(nextChange, years)
  }
  return { ageBand, nextChange }
}

/** Whether somebody who is 16 or 17 now was younger on a day; not known without the month of their birthday. */
export const wasUnder16 = ({ ageBand, nextChange }: ReturnType<typeof bandOn>, day: Day): boolean =>
  ageBand === '16-17' && nextChange !== null && day < yearsLater(nextChange, -lasts['13-15'])

function yearsLater(day: Day, years: number): Day {
  const later = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`
  if (!realDay(later)) throw new Error('The first day of a month is a day in every year')
  return later
}

/** How many years at most lie before the next change of a band. */
const mostAhead: Record<AgeBand, number> = { 'under-13': 13, '13-15': 3, '16-17': 2, adult: 0 }

/** Answers whether a next change can be true on a day: it lies ahead, and not further than the band is long. */
export function changeFits(person: Pick<SupportedPerson, 'ageBand' | 'nextChange'>, today: Day): boolean {
  if (person.nextChange === null) return person.ageBand === 'adult'
  return (
    person.nextChange > today &&
    person.nextChange <= yearsLater(`${today.slice(0, 7)}-01`, mostAhead[person.ageBand])
  )
}
