import { activityForReview } from '#activities/server/reads/review.ts'
import {
  aboutInput,
  decideActivity,
  decisionInput,
  readDifference,
  restoreActivity,
  target,
} from '#activities/server/writes/review.ts'
import { mayMove } from '#activities/states.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere, type Place } from '#activities/where.ts'
import { textIn } from '#kernel/messages.ts'
import { sayLanguage } from '#kernel/times.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, language, now } = locals
  const text = textIn(language)
  const activity = await activityForReview(db, viewer, params.id)
  return {
    id: activity.id,
    slug: activity.slug,
    title: activity.title,
    state: activity.state,
    revision: activity.revision,
    mayRestore: activity.mayRestore,
    reason: activity.reason,
    decisions: (['publish', 'trust', 'ask', 'by-link', 'decline', 'take-down'] as const).filter(
      (decision) => activity.state !== 'withdrawn' && mayMove(activity.state, target[decision], 'reviewer'),
    ),
    summary: activity.summary,
    description: activity.description,
    held: activity.held !== null,
    privatePlace: activity.privatePlace,
    example: activity.example,
    when:
      activity.dates.length === 0
        ? [sayDate(null, activity, { text, language })]
        : activity.dates.map((date) => sayDate(date, activity, { text, language })),
    where: sayWhere({ ...(activity as Place), privatePlace: false }, { text, language }),
    hostName: activity.hostName,
    hosts: activity.hosts.map((host) => ({
      email: host.email,
      part: host.part,
      confirmed: host.confirmed !== null,
    })),
    languages: activity.languages.map((tag) => sayLanguage(tag, language)),
    access: activity.access,
    steps: activity.steps.map((step) => ({
      ...step,
      byLink: step.byHost,
      age: sayAge(step.at, now, text),
      diff: Object.entries(step.diff).map(([field, [before, after]]) => ({
        field,
        before: sayValue(before),
        after: sayValue(after),
      })),
    })),
  }
}

const sayValue = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)

export const actions: Actions = {
  decide: act(decisionInput, decideActivity, () => '/desk'),
  read: act(aboutInput, readDifference, () => '/desk'),
  restore: act(aboutInput, restoreActivity, () => '/desk'),
}
