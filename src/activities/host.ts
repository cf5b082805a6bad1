import * as v from 'valibot'
import type { ActivityState } from '#activities/activity.ts'
import { mayMove } from '#activities/states.ts'
import { email, formKey, longText, maybeLine, maybeText } from '#kernel/input.ts'

const token = v.pipe(v.optional(v.string(), ''), v.maxLength(200, 'refusal.link'))

export const hostToken = v.object({ token })
export type HostToken = v.InferOutput<typeof hostToken>
/** Why it will not happen, for those who meant to come. */
export const cancelInput = v.object({ token, reason: longText(500) })
export type CancelInput = v.InferOutput<typeof cancelInput>
export const withdrawInput = v.object({ token, reason: maybeText(500) })
export type WithdrawInput = v.InferOutput<typeof withdrawInput>
/** An answer to what a reviewer asked. */
export const answerInput = v.object({ token, answer: longText(1000) })
export type AnswerInput = v.InferOutput<typeof answerInput>
export const repeatInput = v.object({ token, formKey })
export type RepeatInput = v.InferOutput<typeof repeatInput>
export const linksAgain = v.object({ email, formKey })
export type LinksAgain = v.InferOutput<typeof linksAgain>

/** Somebody's own address, with a word that a host handed over. */
export const coHostInput = v.object({
  word: v.pipe(v.optional(v.string(), ''), v.maxLength(300, 'refusal.link')),
  email,
  name: maybeLine(80),
})
export type CoHostInput = v.InferOutput<typeof coHostInput>

/** What a host can do with an activity as it stands. */
export const hostSteps = (
  state: ActivityState,
  was: { published: boolean; takenDown: boolean },
): { cancel: boolean; withdraw: boolean; back: ActivityState | null; answer: boolean; change: boolean } => ({
  cancel: mayMove(state, 'cancelled', 'host'),
  withdraw: mayMove(state, 'withdrawn', 'host'),
  back: backTo(state, was),
  answer: state === 'asked-for-more',
  change: state !== 'withdrawn' && state !== 'cancelled',
})

/** Where an activity comes back to: onto the list when everybody had read it before, else to those who read. What a reviewer took away its host cannot bring back. */
export function backTo(
  state: ActivityState,
  was: { published: boolean; takenDown: boolean },
): ActivityState | null {
  if (state === 'cancelled') return was.published ? 'published' : 'waiting'
  if (state === 'withdrawn') return was.takenDown ? null : 'waiting'
  return state === 'declined' ? 'waiting' : null
}

/** The confirmed activities after which a host's next one is listed at once. */
export const enoughPublished = 3
