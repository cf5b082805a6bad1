import * as v from 'valibot'
import { longText } from '#kernel/input.ts'

/** What a tighter policy hid comes back: the chosen ones, with one reason, which goes into the log. */
export const bringBackForm = v.object({
  chosen: v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
    v.transform((value) => [...new Set([value].flat())]),
    v.minLength(1, 'desk.none-chosen'),
    v.maxLength(200, 'input.choose'),
    v.check(
      (all) => all.every((one) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one)),
      'input.choose',
    ),
  ),
  reason: longText(1000),
})
export type BringBack = v.InferOutput<typeof bringBackForm>
