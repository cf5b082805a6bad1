import * as v from 'valibot'
import { formKey, line, longText, maybeEmail, maybeText } from '#kernel/input.ts'
import { cleanLine, plainWords } from '#kernel/words.ts'

export const replyStates = ['waiting', 'shown', 'declined', 'hidden', 'withdrawn'] as const
export type ReplyState = (typeof replyStates)[number]

/** Why a reply is read by a person before anybody else sees it. */
export const waitReasons = ['named', 'watched', 'links', 'first'] as const
export type WaitReason = (typeof waitReasons)[number]

/** A reply as anybody may read it where its story is. */
export type Reply = {
  id: string
  name: string
  website: string | null
  words: string
  created: Date
}

/** A reply as its own page shows it to whoever wrote it. */
export type OwnReply = {
  id: string
  story: string
  words: string
  name: string
  website: string | null
  state: ReplyState
  reason: string | null
  revision: number
  /** Where it goes when it is brought back; null unless it was taken back. */
  backTo: ReplyState | null
}

/** How long somebody can bring back a reply they took back, days; then it is erased. */
export const takenBackDays = 7
/** How long a reply that was declined is kept, days: its writer may think we are wrong. */
export const declinedDays = 30
/** How long a guest's address is kept with a reply, days. */
export const addressDays = 400

/** How many replies stand on one page of a story. */
export const repliesShown = 50

const website = v.pipe(
  v.optional(v.string('input.one-answer'), ''),
  v.transform(cleanLine),
  v.transform((value) => (value === '' || /^https?:\/\//i.test(value) ? value : `https://${value}`)),
  v.maxLength(300, 'input.too-long'),
  v.check((value) => value === '' || readsAsWebsite(value), 'input.url'),
  v.transform((value) => (value === '' ? null : value)),
)

function readsAsWebsite(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username } = new URL(value)
  return /^https?:$/.test(protocol) && hostname.includes('.') && username === ''
}

const words = longText(2000)
const name = line(80)

/** What somebody says to a story. */
export const replyForm = v.object({ formKey, words, name, email: maybeEmail, website })
export type NewReply = v.InferOutput<typeof replyForm>

const token = v.pipe(v.string('input.choose'), v.maxLength(60, 'input.choose'))
export const ownPress = v.object({ token })
/** `revision` is what they had before them. */
export const correctedReply = v.object({
  token,
  revision: v.pipe(v.string('input.choose'), v.regex(/^\d{1,9}$/, 'input.choose'), v.transform(Number)),
  words,
  name,
  website,
})

/** Words that are watched for: one in each line or between commas, at most 500, folded as words are compared. */
export const watchedForm = v.object({
  words: v.pipe(
    maybeText(20_000),
    v.transform((value) => [
      ...new Set(
        (value ?? '')
          .split(/[\n,;]/)
          .map(plainWords)
          .filter(Boolean),
      ),
    ]),
    v.maxLength(500, 'replies.watched.too-many'),
    v.check((all) => all.every((one) => one.length <= 60), 'input.too-long'),
  ),
})

export type Said = Pick<Reply, 'name' | 'words' | 'website'>
/** Answers all of a reply that anybody reads. */
export const allWordsOf = ({ name, words: said, website: at }: Said): string =>
  [name, said, at ?? ''].join('\n')

/** Answers whether one of the watched words, or of several words together, stands in a text as a word of its own. */
export function isWatched(text: string, watched: readonly string[]): boolean {
  const all = ` ${plainWords(text)} `
  return watched.some((word) => all.includes(` ${word} `))
}

/** Answers whether a text brings more addresses than somebody needs who only wants to say something. */
export const bringsLinks = (text: string): boolean =>
  (text.match(/https?:\/\/|www\.|<a\s/gi)?.length ?? 0) > 2

/** What is known of a reply when it is sent or changed. */
export type Looked = {
  /** A person has let an earlier one of the same account be seen, and it still is. */
  known: boolean
  watched: boolean
  /** It names somebody who is in the story and is not named there. */
  named: boolean
  links: boolean
}

/** Answers why a reply waits for a person; null when it is shown at once. */
export function whyWaits(looked: Looked): WaitReason | null {
  if (looked.named) return 'named'
  if (looked.watched) return 'watched'
  if (looked.links) return 'links'
  return looked.known ? null : 'first'
}

/** Which states somebody may lead to: the desk, or whoever wrote it. */
const steps: Record<'desk' | 'writer', Partial<Record<ReplyState, readonly ReplyState[]>>> = {
  desk: {
    waiting: ['shown', 'declined', 'hidden'],
    shown: ['hidden', 'waiting'],
    declined: ['shown', 'hidden'],
    hidden: ['shown', 'declined'],
    withdrawn: ['hidden'],
  },
  writer: {
    waiting: ['withdrawn', 'waiting', 'shown'],
    shown: ['withdrawn', 'waiting', 'shown'],
    declined: ['withdrawn', 'waiting'],
    hidden: ['withdrawn'],
    withdrawn: ['waiting', 'declined', 'hidden'],
  },
}

/** Answers whether a reply may go from one state to another by somebody's hand. */
export const mayMove = (by: 'desk' | 'writer', from: ReplyState, to: ReplyState): boolean =>
  steps[by][from]?.includes(to) ?? false

/** Answers where a reply goes that its writer brings back: what was seen is read again first. */
export const backTo = (before: ReplyState): ReplyState => (before === 'shown' ? 'waiting' : before)

/** Answers whether a reply can be seen: it is shown, and its story is seen (rule 26: a reply is never seen wider than its story). */
export const isSeen = (state: ReplyState, storySeen: boolean): boolean => storySeen && state === 'shown'
