import type { ActivityInReview } from '#activities/server/reads/review.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere, type Place } from '#activities/where.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { sayLanguage } from '#kernel/times.ts'

/** What an activity says, in words for whoever decides about it: its private place too. Nothing of one that is sealed. */
export function sayFacts(activity: ActivityInReview, language: Language) {
  const say = { text: textIn(language), language }
  const { sealed, dates, hosts } = activity
  return {
    sealed,
    when: sealed
      ? []
      : dates.length === 0
        ? [sayDate(null, activity, say)]
        : dates.map((date) => sayDate(date, activity, say)),
    where: sealed ? '' : sayWhere({ ...(activity as Place), privatePlace: false }, say),
    privatePlace: activity.privatePlace,
    hostName: activity.hostName,
    hosts: hosts.map(({ email, confirmed }) => ({ email, confirmed: confirmed !== null })),
    languages: activity.languages.map((tag) => sayLanguage(tag, language)),
    summary: activity.summary,
    description: activity.description,
  }
}
