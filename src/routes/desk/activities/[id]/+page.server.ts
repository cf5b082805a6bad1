import { activityForReview, guestsToTell } from '#activities/server/reads/review.ts'
import { sayDifference } from '#activities/field-words.ts'
import {
  aboutInput,
  decideActivity,
  decisionInput,
  guestsInput,
  readDifference,
  restoreActivity,
  target,
  tellGuestsOfTakenDown,
} from '#activities/server/writes/review.ts'
import { mayMove } from '#activities/states.ts'
import { groupNames } from '#groups/server/reads.ts'
import { textIn } from '#kernel/messages.ts'
import { audiencesOf, kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import { sayFacts } from '../facts.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  const text = textIn(language)
  const activity = await activityForReview(db, viewer, params.id)
  const [kinds, audiences, groups, guests] = await Promise.all([
    kindsOf(db, activity.week),
    audiencesOf(db, activity.week),
    groupNames(
      db,
      activity.steps.flatMap((step) => step.diff['group'] ?? []),
    ),
    guestsToTell(db, activity, now),
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
      (decision) =>
        activity.held === null &&
        activity.state !== 'withdrawn' &&
        mayMove(activity.state, target[decision], 'reviewer'),
    ),
    held: activity.held !== null,
    example: activity.example,
    guests,
    told: url.searchParams.has('told'),
    facts: sayFacts(activity, language),
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
  tell: act(
    guestsInput,
    tellGuestsOfTakenDown,
    (_, { params }) => `/desk/activities/${params['id'] ?? ''}?told`,
  ),
  restore: act(aboutInput, restoreActivity, () => '/desk'),
}
