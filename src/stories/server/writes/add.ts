import type { Trx } from '#platform/server/db.ts'
import { storySlug } from '#stories/server/writes/address.ts'
import { lockStory, type LockedStory } from '#stories/server/writes/change.ts'
import { drawingCount, type StoryState, type StoryWords } from '#stories/story.ts'

export type AddedStory = StoryWords & {
  week: number
  activity: string | null
  fromReport: boolean
  group: string | null
  account: string | null
  email: string
  language: string
  example: boolean
}

/** Answers one of the drawings for somebody who chose none, the same for the same words. */
export const drawingFor = (words: string): number =>
  Array.from(words, (letter) => letter.codePointAt(0) ?? 0).reduce(
    (sum, code) => (sum * 31 + code) % 1_000_003,
    7,
  ) % drawingCount

/** Keeps a new story that nobody but its teller can see yet, locked until the transaction ends. */
export async function addStory(trx: Trx, story: AddedStory, now: Date): Promise<LockedStory> {
  const { id } = await trx
    .insertInto('stories')
    .values({ ...story, slug: storySlug(story.title), state: 'unverified', created: now, updated: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  const added = await lockStory(trx, { id })
  if (!added) throw new Error('A story that was just kept is not there')
  return added
}

/** Answers whether what this person tells goes straight on: an account that organisers trust, by sign-in or by the address their link was mailed to. */
export async function trusts(trx: Trx, who: { account: string | null; email: string }): Promise<boolean> {
  const row = await trx
    .selectFrom('accounts')
    .select('id')
    .where('trusted', '=', true)
    .where((on) =>
      on.or([
        on.and([on('email', '=', who.email), on('emailVerified', '=', true)]),
        ...(who.account === null ? [] : [on('id', '=', who.account)]),
      ]),
    )
    .executeTakeFirst()
  return row !== undefined
}

/** Who hid a story since it was last shown (null among them is the site), and how it stood before the first of them. */
export type OpenHiding = { by: (string | null)[]; from: StoryState }

/** Answers how a story came to be hidden; undefined when it is not, nor was when its teller took it back. */
export async function openHiding(trx: Trx, story: string): Promise<OpenHiding | undefined> {
  const steps = await trx
    .selectFrom('storyChanges')
    .select(['account', 'byTeller', 'fromState', 'toState'])
    .where('story', '=', story)
    .where('toState', 'in', ['hidden', 'published'])
    .orderBy('id')
    .execute()
  const shown = steps.findLastIndex((step) => step.toState === 'published' && step.fromState !== 'published')
  const hid = steps.slice(shown + 1).filter((step) => step.toState === 'hidden' && !step.byTeller)
  const last = hid.findLast((step) => step.fromState !== 'hidden')
  if (hid.length === 0) return undefined
  return { by: hid.map((step) => step.account), from: last?.fromState ?? 'waiting' }
}

/** Answers where a telling goes when its teller sends it: on at once for the trusted, else to be read; what was hidden stays so, or waits for somebody else than the one who hid it. */
export async function afterSending(
  trx: Trx,
  story: LockedStory,
  who: { account: string | null; email: string },
): Promise<'published' | 'waiting' | 'hidden'> {
  if (story.state === 'hidden') return 'hidden'
  const straight = (await trusts(trx, who)) && (await openHiding(trx, story.id)) === undefined
  return straight && story.state !== 'declined' ? 'published' : 'waiting'
}
