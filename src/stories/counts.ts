/*
 * What each number of a week means. Everything that counts, the home page, the archive, the chart, counts by these.
 *
 * activities   published activities of the week. A series is one. Cancelled, withdrawn, declined, waiting and
 *              by-link ones are none. The numbers are taken from what is stored, never added up on the way.
 * countries    the countries that stand in those activities; an activity without one (online) adds none.
 * came         the sum of "how many came" over the reports of those activities. One report per activity, a series as
 *              a whole. A report of an activity that was cancelled or taken away afterwards no longer counts.
 * newPeople    of those, for how many it was new, as the host says.
 * whoNew       of the new ones, who they were, by the six plain groups; finer answers are added to their group.
 *              What a host did not say is in no group, so the groups may add up to less than newPeople.
 *              Shown only when at least five activities (fewestTold) say who: hosts are promised that nobody sees
 *              this of one activity, and a sum of one is that one.
 * stories      stories of the week that anybody can read now: published, not hidden or withdrawn, and their activity
 *              over.
 * by kind, day activities of one kind; activities with at least one date that is not called off on that local day.
 *              A series counts on each of its days, but once a day.
 */

export type WeekNumbers = {
  activities: number
  countries: number
  came: number
  newPeople: number
  stories: number
}

/** Who the new people were: one of the six plain groups and how many. */
export type NewPeople = { cluster: string; people: number }
/** How many activities must have told who was new before the sums are shown. */
export const fewestTold = 5
export type OfKind = { kind: string; activities: number }
export type OfDay = { day: string; activities: number }

export const noNumbers: WeekNumbers = { activities: 0, countries: 0, came: 0, newPeople: 0, stories: 0 }
