import * as v from 'valibot'
import { anyOf, line, longText, maybeLine, maybeUrl, oneOf } from '#kernel/input.ts'
import { nations } from '#kernel/permission-words.ts'
import { classifications, day } from '#letters/directory.ts'

/** Answers words in a language, else in English. */
export function inWords(words: unknown, language: string): string {
  const all = words as Record<string, string>
  return all[language] ?? all['en'] ?? ''
}

const which = {
  nation: v.picklist(nations, 'input.choose'),
  subject: v.pipe(line(31), v.regex(/^[a-z][a-z0-9-]{1,30}$/, 'input.choose')),
}
const said = {
  answer: longText(500),
  looksFor: anyOf(classifications),
  role: maybeLine(100),
  source: maybeUrl,
  checked: v.optional(v.union([v.pipe(maybeLine(10), v.null()), day], 'directory.day'), ''),
}

const revision = v.pipe(v.string('input.choose'), v.regex(/^\d{1,9}$/, 'input.choose'), v.transform(Number))

/** What an organiser says about who decides something; `revision` is what they read. */
export const doorInput = v.object({ ...which, name: line(80), ...said, revision })
export type DoorInput = v.InferOutput<typeof doorInput>

/** A door that is added: about something people write about in another nation already, or about something new. */
export const newDoor = v.pipe(
  v.object({
    nation: which.nation,
    subject: v.optional(v.union([v.pipe(maybeLine(31), v.null()), which.subject], 'input.choose'), ''),
    name: maybeLine(80),
    ...said,
  }),
  v.forward(
    v.check((door) => door.subject !== null || door.name !== null, 'directory.door.name-needed'),
    ['name'],
  ),
)
export type NewDoor = v.InferOutput<typeof newDoor>

/** Taken away, a door is not offered; brought back, it is as it was. */
export const offerInput = v.object({ ...which, offered: oneOf(['yes', 'no']) })
export type OfferInput = v.InferOutput<typeof offerInput>
