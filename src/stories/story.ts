import * as v from 'valibot'
import { countryCodes } from '#kernel/countries.ts'
import {
  email,
  formKey,
  line,
  longText,
  maybeLine,
  maybeOneOf,
  maybeText,
  maybeUrl,
  maybeWhole,
  westernDigits,
} from '#kernel/input.ts'
import { isNamed, type LinkCard } from '#stories/linked-post.ts'
import type { NumberedPicture } from '#stories/picture.ts'
import { mostLetters } from '#stories/telling.ts'

export const storyStates = [
  'unverified',
  'draft',
  'waiting',
  'asked-for-more',
  'published',
  'declined',
  'hidden',
  'withdrawn',
] as const
export type StoryState = (typeof storyStates)[number]

/** How a story was told: with these words, or in another way that the words tell of. */
export const toldHows = ['writing', 'symbols', 'pictures', 'voice'] as const
export type ToldHow = (typeof toldHows)[number]

/** A story as anybody may read it. */
export type Story = {
  slug: string
  title: string
  /** CommonMark; the whole of it only where it was asked for, else its beginning. */
  body: string
  authorName: string
  withName: string
  toldHow: ToldHow
  /** The address part of its teller's page, when they have one under this name. */
  author: string | null
  /** Whether it may be told where and when it was: of somebody in it who must not be found, nothing is. */
  locatable: boolean
  kind: string | null
  country: string | null
  town: string | null
  drawing: number
  drawingWords: string
  language: string
  week: number
  published: Date
  updated: Date
  /** Only while the activity itself can be read by everybody. */
  activity: { slug: string; title: string } | null
  group: { slug: string; name: string } | null
  /** Those that everybody may see at this moment, in their order; of a card the first one only. */
  pictures: NumberedPicture[]
  /** Where else it stands. */
  link: LinkCard | null
  /** How many like it, and how many replies can be read; counted only where the whole of it was asked for. */
  heard: { likes: number; replies: number } | null
}

/** Who moves a story: whoever tells it, with the mailed link or signed in; or the desk. */
export type Mover = 'teller' | 'desk'

/** What may follow what. Hidden is left only by the desk, and only by somebody else than the one who hid it. */
const follows: Record<Mover, Partial<Record<StoryState, readonly StoryState[]>>> = {
  teller: {
    unverified: ['draft', 'waiting', 'published', 'withdrawn'],
    draft: ['waiting', 'published', 'withdrawn'],
    waiting: ['draft', 'published', 'withdrawn'],
    'asked-for-more': ['draft', 'waiting', 'published', 'withdrawn'],
    published: ['draft', 'waiting', 'withdrawn'],
    declined: ['waiting', 'withdrawn'],
    hidden: ['withdrawn'],
    withdrawn: ['draft', 'waiting', 'published'],
  },
  desk: {
    unverified: ['hidden'],
    draft: ['hidden'],
    waiting: ['published', 'asked-for-more', 'declined', 'hidden'],
    'asked-for-more': ['published', 'declined', 'hidden'],
    published: ['hidden'],
    declined: ['published', 'hidden'],
    // Back to where it was.
    hidden: ['published', 'unverified', 'draft', 'waiting', 'asked-for-more', 'declined', 'withdrawn'],
    withdrawn: ['hidden'],
  },
}

/** Answers whether a story in one state may come into another by this hand. */
export const mayFollow = (mover: Mover, from: StoryState, to: StoryState): boolean =>
  follows[mover][from]?.includes(to) ?? false

/** The fields of a story that its teller writes and a reviewer sees the difference of. */
export const storyFields = [
  'title',
  'body',
  'authorName',
  'withName',
  'toldHow',
  'kind',
  'country',
  'town',
  'drawing',
  'link',
  'linkTitle',
  'linkWords',
] as const
export type StoryField = (typeof storyFields)[number]
export type StoryWords = {
  title: string
  body: string
  authorName: string
  withName: string
  toldHow: ToldHow
  kind: string | null
  country: string | null
  town: string | null
  drawing: number
  link: string | null
  linkTitle: string
  linkWords: string
}
/** What stands for a photograph in words, and under it, by the number of the photograph. */
export type PictureField = `words-${number}` | `caption-${number}`
type Change = [string | number | null, string | number | null]
export type StoryDifference = Partial<Record<StoryField, Change>> & { [field in PictureField]?: Change }

/** Answers what changed between two tellings, field by field: old, new. */
export function differenceOf(before: StoryWords, after: StoryWords): StoryDifference {
  const changed = storyFields.filter((field) => before[field] !== after[field])
  return Object.fromEntries(changed.map((field) => [field, [before[field], after[field]]]))
}

/** How many different drawings there are to choose from. */
export const drawingCount = 40
const code = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.trim(),
  v.check((value) => value === '' || /^[a-z][a-z0-9-]{1,60}$/.test(value), 'input.choose'),
  v.transform((value) => value || null),
)
const countryCode = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.trim(),
  v.toUpperCase(),
  v.check((value) => value === '' || countryCodes.includes(value), 'input.choose'),
  v.transform((value) => value || null),
)
const token = v.pipe(v.string('refusal.link'), v.maxLength(200, 'refusal.link'))
const revision = v.pipe(
  maybeWhole(0, 999_999_999),
  v.transform((value) => value ?? 0),
)

const toldHow = v.optional(v.picklist(toldHows, 'input.choose'), 'writing')
/** Which button was pressed. There is no field to lead to, so a word that is none of theirs sends nothing. */
const then = v.fallback(
  v.pipe(
    maybeOneOf(['send', 'draft']),
    v.transform((asked) => asked ?? 'send'),
  ),
  'draft',
)
const told = {
  title: line(120),
  body: longText(mostLetters),
  authorName: maybeLine(80),
  withName: maybeLine(80),
  toldHow,
  link: v.pipe(
    maybeUrl,
    v.check((address) => address === null || isNamed(URL.parse(address)?.hostname ?? ''), 'input.url'),
  ),
  linkTitle: maybeLine(200),
  linkWords: maybeText(500),
  kind: code,
  country: countryCode,
  town: maybeLine(80),
  drawing: maybeWhole(0, drawingCount - 1),
}

/** A story that stands alone. */
export const newStory = v.object({
  ...told,
  email,
  group: code,
  /** The address, or the last part of it, of the activity the story tells of. */
  activity: v.pipe(
    maybeLine(400),
    v.transform((words) => words?.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1) ?? null),
  ),
  then,
  formKey,
})
export type NewStory = v.InferOutput<typeof newStory>

/** A story told anew by whoever holds its link; `revision` is what they had in front of them. */
export const editedStory = v.object({
  ...told,
  token,
  revision,
  /** Saving sends nothing that has yet to be sent; that has a button of its own. */
  then: v.fallback(v.optional(v.picklist(['save', 'send', 'draft']), 'save'), 'draft'),
})
export type EditedStory = v.InferOutput<typeof editedStory>

/** Answers the word of a story's link as it stands in an address, or null for what can be none. */
export const linkWord = (word: string | null): string | null =>
  word !== null && /^[\w-]{16,100}$/.test(word) ? word : null

/** Where one photograph stands: behind so many blocks of the text, or nowhere in it. */
export const placedPicture = v.object({
  token,
  revision,
  number: v.pipe(v.string('input.choose'), v.regex(/^[1-9]\d{0,2}$/, 'input.choose'), v.transform(Number)),
  after: maybeWhole(0, 9999),
})
export type PlacedPicture = v.InferOutput<typeof placedPicture>

export const storyToken = v.object({ token, then })
export type StoryToken = v.InferOutput<typeof storyToken>
export const linksAgain = v.object({ email, formKey })
export type LinksAgain = v.InferOutput<typeof linksAgain>

const whoPrefix = 'who.'
const most = 1_000_000
const numberOr = (typed: unknown, tapped: unknown): string => {
  const own = typeof typed === 'string' ? westernDigits(typed).trim() : ''
  return own === '' && typeof tapped === 'string' ? tapped : own
}
const wholeUpTo = (words: string): number | null =>
  /^\d{1,9}$/.test(words) && Number(words) <= most ? Number(words) : null

/** The host's report, one press. A typed number wins over a tapped one; `who.<code>` says how many of the new people were who. */
export const hostReport = v.pipe(
  v.looseObject({
    token,
    formKey,
    revision,
    storyRevision: revision,
    came: v.optional(v.string('input.one-answer'), ''),
    cameTap: v.optional(v.string('input.one-answer'), ''),
    newPeople: v.optional(v.string('input.one-answer'), ''),
    newTap: v.optional(v.string('input.one-answer'), ''),
    words: maybeText(mostLetters),
    title: maybeLine(120),
    authorName: maybeLine(80),
    withName: maybeLine(80),
    drawing: maybeWhole(0, drawingCount - 1),
    then: v.optional(v.string('input.one-answer'), ''),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const form = dataset.value
    let wrong = false
    const say = (field: string, message: string): number => {
      wrong = true
      addIssue({
        message,
        path: [{ type: 'object', origin: 'value', input: form, key: field, value: form[field] }],
      })
      return 0
    }
    const count = (field: string, words: string): number => {
      if (words === '') return say(field, 'input.needed')
      if (!/^\d{1,9}$/.test(words)) return say(field, 'input.number')
      return wholeUpTo(words) ?? say(field, 'input.range')
    }
    const came = count('came', numberOr(form.came, form.cameTap))
    const newWords = numberOr(form.newPeople, form.newTap)
    const newPeople = newWords === '' ? 0 : count('newPeople', newWords)
    if (!wrong && newPeople > came) say('newPeople', 'stories.report.more-new')
    const audiences: Record<string, number> = {}
    for (const [name, typed] of Object.entries(form)) {
      if (!name.startsWith(whoPrefix) || typeof typed !== 'string' || typed.trim() === '') continue
      const people = count(name, westernDigits(typed).trim())
      if (people > 0) audiences[name.slice(whoPrefix.length)] = people
    }
    const pictures = form.then === 'pictures'
    if (pictures && form.words === null) say('words', 'stories.report.words-first')
    if (wrong) return NEVER
    const { token, formKey, revision, storyRevision, words, title, authorName, withName, drawing } = form
    const story = { words, title, authorName, withName, drawing, storyRevision, pictures }
    return { token, formKey, revision, came, newPeople, audiences, ...story }
  }),
)
export type HostReport = v.InferOutput<typeof hostReport>
