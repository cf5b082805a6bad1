import * as v from 'valibot'
import { maybeLine } from '#kernel/input.ts'
import { maybeChoice, officeRef } from '#letters/letter.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const asRef = (one: string): boolean => officeRef.test(one)

/** The form in which offices are looked for and chosen. */
export const whoForm = v.object({
  choice: maybeChoice,
  /** Those ticked, and the one whose own button was pressed: no more than a page shows. */
  office: v.pipe(
    v.optional(v.union([v.array(v.string()), v.string()]), []),
    v.transform((value) => [...new Set([value].flat().filter(Boolean))]),
    v.maxLength(100, 'input.choose'),
    v.check((all) => all.every(asRef), 'input.choose'),
  ),
  nation: maybeLine(40),
  subject: maybeLine(40),
  q: maybeLine(100),
  in: v.pipe(
    maybeLine(36),
    v.check((id) => id === null || uuid.test(id), 'input.choose'),
  ),
})
export type WhoForm = v.InferOutput<typeof whoForm>

/** Answers the id of a body as an address has it, or null. */
export const bodyIn = (said: string | null): string | null => (said !== null && uuid.test(said) ? said : null)
