import * as v from 'valibot'
import { stewardAnswers } from '#consent/stewards.ts'
import { formKey, line, oneOf } from '#kernel/input.ts'

/** Who of a family is handed a link: what they are to the person, not a name. */
export const namedSteward = v.object({
  person: v.pipe(v.string('input.choose'), v.uuid('input.choose')),
  called: line(40),
  formKey,
})
export type NamedSteward = v.InferOutput<typeof namedSteward>

/** What somebody of a family answers. */
export const saidSteward = v.object({
  token: v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link')),
  answer: oneOf(stewardAnswers),
  formKey,
})
export type SaidSteward = v.InferOutput<typeof saidSteward>
