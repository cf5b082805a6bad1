import * as v from 'valibot'
import { email, formKey, line } from '#kernel/input.ts'
import { letterWords } from '#letters/letter.ts'
import { mostFromHere } from '#letters/pace.ts'

const ids = v.pipe(
  v.optional(v.union([v.array(v.string()), v.string()]), []),
  v.transform((value) => [...new Set([value].flat().filter(Boolean))]),
  v.check((all) => all.every((one) => /^[0-9a-f-]{36}$/.test(one)), 'input.choose'),
  v.minLength(1, 'letters.send.whom'),
  v.maxLength(mostFromHere, 'letters.send.too-many'),
)

/** The form with which a letter is given to us to send. */
export const sendForm = v.object({
  token: line(64),
  delivery: ids,
  ...letterWords.entries,
  email,
  formKey,
})
export type SendForm = v.InferOutput<typeof sendForm>

/** What somebody read of what they change. */
export const revision = v.pipe(
  v.optional(v.string(), ''),
  v.check((value) => /^\d{1,6}$/.test(value), 'input.not-whole'),
  v.transform(Number),
)

/** The press that sends a letter, by the word that was mailed; of the words as they were read. */
export const confirmForm = v.object({ word: line(64), revision })
export const notMeForm = v.object({ word: line(64) })

/** What a person decides about a letter of which nobody knows whether it has gone. */
export const uncertainForm = v.object({
  token: line(64),
  delivery: v.pipe(v.optional(v.string(), ''), v.regex(/^[0-9a-f-]{36}$/, 'input.choose')),
})
