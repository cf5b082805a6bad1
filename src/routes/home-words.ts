import type { Text } from '#kernel/messages.ts'
import { sayDays } from '#kernel/times.ts'
import { weekState, type Week } from '#weeks/week.ts'

/** Says where a week stands: "starts in 3 days", "on now in 14 countries" (those in which it is on at this moment), "over". */
export function sayStanding(week: Week, countries: number, now: Date, text: Text): string {
  const stand = weekState(week, now)
  if (stand.state === 'before') return text('home.stand.before', { days: stand.days })
  if (stand.state === 'on') return text('home.stand.on', { countries })
  return text('home.stand.over')
}

/** Answers past weeks as links: to their part of a page (`/stories?week=2022`) where something is kept there, else to what is known of them. */
export const asArchives = (
  weeks: readonly Week[],
  { path, kept, language }: { path: string; kept: readonly number[]; language: string },
) =>
  weeks.map((week) => ({
    name: week.name,
    days: sayWeekDays(week, language),
    href: kept.includes(week.year) ? `${path}?week=${week.year}` : `/weeks/${week.year}`,
  }))

/** Says the days of a week: "18 to 24 October 2027". */
export const sayWeekDays = (week: Pick<Week, 'monday' | 'sunday'>, language: string): string =>
  sayDays(week.monday, week.sunday, language)
