import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeLine, maybeText, maybeUrl, oneOf } from '#kernel/input.ts'
import { contactStates, day, refPattern, type ContactState } from '#letters/directory.ts'

const ref = v.pipe(line(60), v.regex(refPattern, 'input.choose'))

/** One way to reach an office, out of several; left empty it is none of them. */
const contact = v.pipe(
  maybeLine(36),
  v.check((one) => one === null || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one), 'input.choose'),
)

/** What anybody says is wrong, and with which way to reach the office. */
export const correctionInput = v.object({
  formKey,
  ref,
  contact,
  words: longText(1000),
  evidence: maybeText(2000),
  email: maybeEmail,
})
export type CorrectionInput = v.InferOutput<typeof correctionInput>

/** What becomes of it: another address, e-mail or telephone; somebody has left; or it is only noted. */
export const outcomes = ['address', 'email', 'voice', 'left', 'noted'] as const
export type Outcome = (typeof outcomes)[number]

const id = v.pipe(line(36), v.uuid('input.choose'))

export const acceptInput = v.pipe(
  v.object({
    id,
    outcome: oneOf(outcomes),
    contact,
    value: maybeText(1000),
    source: maybeUrl,
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

/** Answers where something is written, when how somebody knows it is a web address and nothing else; null otherwise. */
export function sourceIn(evidence: string | null): string | null {
  const read = v.safeParse(maybeUrl, evidence ?? '')
  return read.success ? read.output : null
}

export const declineInput = v.object({ id })
export const undoCorrectionInput = v.object({ id })

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

type Subject = { person: string | null; post: string | null; organisation: string | null }
/** Answers the office that something is about, as it stands in addresses. */
export const refOf = ({ person, post, organisation }: Subject): string =>
  post !== null ? `post:${post}` : person !== null ? `person:${person}` : `organisation:${organisation}`

/** Answers the key of the way to reach somebody that a correction wrote. */
export const madeBy = (correction: string): string => `correction:${correction}`

/** What taking a correction back restores: how far the one it replaced was trusted, or until when each post was held that it ended on `last`. */
export type Before = { contact?: ContactState; last?: string; ended?: Record<string, string | null> }
