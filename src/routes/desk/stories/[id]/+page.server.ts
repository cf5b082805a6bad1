import * as v from 'valibot'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import {
  askForMore,
  declineStory,
  hideInput,
  hideStory,
  publishInput,
  publishStory,
  reasonedInput,
  restoreInput,
  restoreStory,
} from '#stories/server/writes/review.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const story = await storyForReview(locals.db, locals.viewer, params.id)
  if (!story) throw missing()
  const text = textIn(locals.language)
  return {
    ...story,
    steps: story.steps
      .map((step) => ({
        ...step,
        byLink: step.byTeller,
        age: sayAge(step.at, locals.now, text),
        diff: Object.entries(step.difference).map(([field, [before, after]]) => ({
          field,
          before: String(before ?? '–'),
          after: String(after ?? '–'),
        })),
      }))
      .toReversed(),
  }
}

const back = () => '/desk'
export const actions: Actions = {
  publish: act(v.object({ ...publishInput.entries }), publishStory, back),
  ask: act(reasonedInput, askForMore, back),
  decline: act(reasonedInput, declineStory, back),
  hide: act(hideInput, hideStory, back),
  restore: act(restoreInput, restoreStory, back),
}
