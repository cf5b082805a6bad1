import * as v from 'valibot'
import { anyOf, line, longText, maybeLine, maybeUrl, ticked } from '#kernel/input.ts'
import { nations } from '#kernel/permission-words.ts'
import { classifications, day } from '#letters/directory.ts'

/** Answers words in a language, else in English. */
export function inWords(words: unknown, language: string): string {
  const all = words as Record<string, string>
  return all[language] ?? all['en'] ?? ''
}

/** What an organiser says about who decides something. */
export const doorInput = v.object({
  nation: v.picklist(nations, 'input.choose'),
  subject: v.pipe(line(31), v.regex(/^[a-z][a-z0-9-]{1,30}$/, 'input.choose')),
  name: line(80),
  answer: longText(500),
  looksFor: anyOf(classifications),
  role: maybeLine(100),
  source: maybeUrl,
  checked: v.union([v.pipe(maybeLine(10), v.null()), day], 'directory.day'),
  retired: ticked,
})
export type DoorInput = v.InferOutput<typeof doorInput>
