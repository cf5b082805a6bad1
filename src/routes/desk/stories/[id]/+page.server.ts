import * as v from 'valibot'
import { textIn } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import { picturesForReview } from '#stories/server/reads/review-pictures.ts'
import { storyForReview } from '#stories/server/reads/review.ts'
import { shownNow } from '#stories/server/reads/shown.ts'
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
import { kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import { sayAge } from '../../age.ts'
import { sayStoryDifference } from '../words.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const story = await storyForReview(locals.db, locals.viewer, params.id)
  if (!story) throw missing()
  const { language } = locals
  const text = textIn(language)
  const all = await kindsOf(locals.db, story.week)
  const kinds = Object.fromEntries(all.map((kind) => [kind.code, nameOf(kind, language)]))
  return {
    ...story,
    shown: (await shownNow(locals.db, [story.id], locals.now)).has(story.id),
    pictures: await picturesForReview(locals.db, locals.viewer, params.id, locals.now),
    steps: story.steps
      .map((step) => ({
        ...step,
        byLink: step.byTeller,
        age: sayAge(step.at, locals.now, text),
        diff: sayStoryDifference(step.difference, { text, language, kinds }),
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
