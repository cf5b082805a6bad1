import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeLine, maybeOneOf, maybeText } from '#kernel/input.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { cleanText } from '#kernel/words.ts'

/** The three doors of the report button. */
export const doors = ['take-down', 'worried', 'wrong'] as const
export type Door = (typeof doors)[number]

/** Answers whether what a concern is about is hidden at once. */
export const hides = (door: Door): boolean => door !== 'wrong'

/** What a concern is about: a thing of ours by its room and address; a reply has no address of its own but its id. */
export type Subject = { room: 'activities' | 'stories' | 'replies'; slug: string }

/** Answers what "activities:coffee-in-leeds" or a whole address of a page is about, or null when it is about the site. */
export function subjectOf(words: string | null): Subject | null {
  const found = /(?:^|\/)(activities|stories|replies)[:/]([a-z0-9-]{1,100})(?:[/?#.]|$)/.exec(words ?? '')
  return found ? { room: found[1] as Subject['room'], slug: found[2] ?? '' } : null
}

/** Addresses below rooms that are no thing of theirs; what follows them can be the word of somebody's link. */
const noSlugs = ['edit', 'mine', 'new', 'screen', 'by', 'import']

/** Answers how a page of ours that anybody may look at is named when it is carried along: an activity or a story by its room and address, with what lies under it; another public page by its path; "" for every other, so that no word of a link goes along. */
export function carried(path: string): string {
  const [, room = '', slug, rest] =
    /^\/(activities|stories|groups|weeks)(?:\/([a-z0-9-]{1,100})(\/[a-z-]+)?)?$/.exec(path) ?? []
  if (slug !== undefined && noSlugs.includes(slug)) return ''
  if (slug !== undefined && (room === 'activities' || room === 'stories')) return `${room}:${slug}`
  return room !== '' && rest === undefined ? path : ''
}

/** Answers the link to a page of ours that carries along which page somebody looks at. */
export function carrying(to: '/report' | '/safety', path: string): string {
  const about = carried(path)
  return subjectOf(about) ? `${to}?${new URLSearchParams({ about })}` : to
}

/** Answers the picture whose own address somebody copied, or null. */
export const pictureOf = (words: string | null): string | null =>
  /(?:^|\/)media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#]|$)/.exec(words ?? '')?.[1] ?? null

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
export const concernForm = v.pipe(
  v.variant('door', [hiding, wrong], 'report.choose'),
  v.forward(
    // What hides at once is never asked for words; where nothing says what to hide, nobody could find it.
    v.check(
      ({ door, about, words, email }) => door !== 'take-down' || Boolean(about || words || email),
      'report.what-about',
    ),
    ['about'],
  ),
  v.forward(
    v.check(
      ({ door, about, words }) => door !== 'wrong' || about !== null || words !== null,
      'report.what-wrong',
    ),
    ['words'],
  ),
)
export type ConcernInput = v.InferOutput<typeof concernForm>

/** A thing of ours, by its room and id. */
export type Thing = { room: Subject['room']; id: string }

/** Answers the thing that a kept subject names, or null when it names none. */
export function thingOf(subject: string | null): Thing | null {
  const [, room, id] = /^(activities|stories|replies):([0-9a-f-]{36})$/.exec(subject ?? '') ?? []
  return id === undefined ? null : { room: room as Thing['room'], id }
}

/** A concern as a list says it: nothing of what it says. */
export type ConcernLine = {
  id: string
  door: Door
  /** It hid what it is about at once; `hidden` says whether that is hidden still. */
  hid: boolean
  hidden: boolean
  created: Date
}

/** The thing a concern is about, as it stands now. */
export type About = Thing & {
  title: string
  /** Where it is looked after at the desk. */
  href: string
  /** Somebody took it away or hid it. */
  hidden: boolean
  /** Somebody's worry keeps it as it is. */
  held: boolean
  /** Whoever looks may bring it back. */
  mayRestore: boolean
  /** How many people mean to come to it and were told nothing of its being hidden. */
  guests: number
  /** What it says, where it can be shown here. */
  html: string | null
  /** The same, of what has plain words only. */
  words: string | null
  /** Why it would not be seen even then. */
  missing: readonly MessageKey[]
}

export const openForm = v.object({ id: line(36) })
/** Who may open what somebody is worried about. */
export const openersForm = v.object({ id: line(36), one: line(36), two: line(36) })
export const closeForm = v.object({ id: line(36), outcome: line(500) })
/** The reason is mailed to whoever made the thing. */
export const restoreForm = v.object({ id: line(36), reason: longText(1000) })

/** What many concerns hid comes back: the chosen ones, or all from one place. */
export const restoreManyForm = v.pipe(
  v.object({
    source: maybeLine(60),
    all: maybeOneOf(['yes']),
    chosen: v.pipe(
      v.optional(v.union([v.array(v.string()), v.string()], 'input.choose'), []),
      v.transform((value) => [...new Set([value].flat())]),
      v.maxLength(200, 'input.choose'),
    ),
    reason: longText(500),
  }),
  v.forward(
    v.partialCheck(
      [['all'], ['chosen']],
      ({ all, chosen }) => all === 'yes' || chosen.length > 0,
      'desk.none-chosen',
    ),
    ['chosen'],
  ),
)
export type RestoreMany = v.InferOutput<typeof restoreManyForm>
