import { activityForReview } from '#activities/server/reads/review.ts'
import { sayDifference } from '#activities/field-words.ts'
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
import { groupNames } from '#groups/server/reads.ts'
import { textIn } from '#kernel/messages.ts'
import { sayLanguage } from '#kernel/times.ts'
import { audiencesOf, kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, viewer, language, now } = locals
  const text = textIn(language)
  const activity = await activityForReview(db, viewer, params.id)
  const [kinds, audiences, groups] = await Promise.all([
    kindsOf(db, activity.week),
    audiencesOf(db, activity.week),
    groupNames(
      db,
      activity.steps.flatMap((step) => step.diff['group'] ?? []),
    ),
  ])
  const called = (all: readonly (Parameters<typeof nameOf>[0] & { code: string })[]) =>
    Object.fromEntries(all.map((one) => [one.code, nameOf(one, language)]))
  const names = { kind: called(kinds), audiences: called(audiences), group: groups }
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
      diff: sayDifference(step.diff, names, { text, language }),
    })),
  }
}

export const actions: Actions = {
  decide: act(decisionInput, decideActivity, () => '/desk'),
  read: act(aboutInput, readDifference, () => '/desk'),
  restore: act(aboutInput, restoreActivity, () => '/desk'),
}
