import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeLine, maybeText } from '#kernel/input.ts'
import { cleanText } from '#kernel/words.ts'

/** The three doors of the report button. */
export const doors = ['take-down', 'worried', 'wrong'] as const
export type Door = (typeof doors)[number]

/** What a concern is about: a thing of ours by its room and address. */
export type Subject = { room: 'activities' | 'stories'; slug: string }

/** Answers what "activities:coffee-in-leeds" or a whole address of a page is about, or null when it is about the site. */
export function subjectOf(words: string | null): Subject | null {
  const found = /(?:^|\/)(activities|stories)[:/]([a-z0-9-]{1,100})(?:[/?#.]|$)/.exec(words ?? '')
  return found ? { room: found[1] as Subject['room'], slug: found[2] ?? '' } : null
}

/** What hides is never slowed by a slip of the pen: an address that cannot be read is "" then, and words that are too many are cut. */
const cut = (most: number) =>
  v.pipe(
    v.optional(v.unknown(), ''),
    v.transform((value) => [value].flat().find((words) => typeof words === 'string') ?? ''),
    v.transform((words) => cleanText(words).slice(0, most).toWellFormed() || null),
  )
const hiding = v.object({
  formKey: v.fallback(formKey, ''),
  door: v.picklist(['take-down', 'worried']),
  about: cut(500),
  words: cut(5000),
  email: v.fallback(maybeEmail, ''),
  country: v.fallback(maybeLine(2), null),
})
const wrong = v.object({
  formKey,
  door: v.literal('wrong'),
  about: maybeLine(500),
  words: maybeText(5000),
  email: maybeEmail,
  country: maybeLine(2),
})
export const concernForm = v.variant('door', [hiding, wrong], 'report.choose')
export type ConcernInput = v.InferOutput<typeof concernForm>

export type Concern = {
  id: string
  door: Door
  subject: string | null
  words: string
  email: string | null
  country: string | null
  hid: boolean
  created: Date
}

/** The thing a concern is about, as it stands now. */
export type About = Subject & {
  id: string
  title: string
  /** Somebody took it away or hid it. */
  hidden: boolean
  /** Whoever looks may bring it back. */
  mayRestore: boolean
}

export const closeForm = v.object({ id: line(36), outcome: line(500) })
/** The reason is mailed to whoever made the thing. */
export const restoreForm = v.object({ id: line(36), reason: longText(1000) })
