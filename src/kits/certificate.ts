import * as v from 'valibot'
import { cleanLine } from '#kernel/words.ts'

/** The most people who are thanked in one file. */
export const mostNames = 60

/** The form in which a host says whom to thank: one name on each line. */
export const thanksForm = v.object({
  names: v.pipe(
    v.optional(v.string('input.one-answer'), ''),
    v.transform((words) => [...new Set(words.split(/\r?\n/).map(cleanLine).filter(Boolean))]),
    v.minLength(1, 'thanks.needed'),
    v.maxLength(mostNames, 'thanks.too-many'),
    v.check((names) => names.every((name) => name.length <= 80), 'thanks.too-long'),
  ),
})
export type Thanks = v.InferOutput<typeof thanksForm>

/** The form in which somebody looks whether a certificate is real. */
export const nameForm = v.object({
  name: v.pipe(
    v.optional(v.string('input.one-answer'), ''),
    v.transform(cleanLine),
    v.minLength(1, 'input.needed'),
    v.maxLength(80, 'input.too-long'),
  ),
})
