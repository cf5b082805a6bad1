import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeText, oneOf } from '#kernel/input.ts'
import { contactStates, day, refPattern } from '#letters/directory.ts'

const ref = v.pipe(line(60), v.regex(refPattern, 'input.choose'))

/** What anybody says is wrong. */
export const correctionInput = v.object({
  formKey,
  ref,
  words: longText(1000),
  evidence: maybeText(2000),
  email: maybeEmail,
})
export type CorrectionInput = v.InferOutput<typeof correctionInput>

/** What becomes of it: a new address, e-mail or telephone; somebody has left; or it is only noted. */
export const outcomes = ['address', 'email', 'voice', 'left', 'noted'] as const
export type Outcome = (typeof outcomes)[number]

const id = v.pipe(line(36), v.uuid('input.choose'))

export const acceptInput = v.pipe(
  v.object({
    id,
    outcome: oneOf(outcomes),
    value: maybeText(1000),
    source: maybeText(2000),
  }),
  v.forward(
    v.check(
      (form) => form.outcome === 'left' || form.outcome === 'noted' || form.value !== null,
      'input.needed',
    ),
    ['value'],
  ),
)
export type AcceptInput = v.InferOutput<typeof acceptInput>

export const declineInput = v.object({ id })

/** What a role saw of a way to reach somebody. */
export const contactInput = v.object({ id, ref, state: oneOf(contactStates) })

export const pauseReasons = ['dissolution', 'recess', 'election', 'boundaries'] as const
export const pauseInput = v.pipe(
  v.object({ organisation: id, from: day, to: day, reason: oneOf(pauseReasons) }),
  v.forward(
    v.check((pause) => pause.to >= pause.from, 'directory.pause-order'),
    ['to'],
  ),
)
export const endPauseInput = v.object({ id })
