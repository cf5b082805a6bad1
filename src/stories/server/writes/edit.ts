import { missing, Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { hashToken, keyedHash } from '#platform/server/tokens.ts'
import { afterSending } from '#stories/server/writes/add.ts'
import { storySlug } from '#stories/server/writes/address.ts'
import { changeStory, lockForTeller, newStoryLink, type LockedStory } from '#stories/server/writes/change.ts'
import { kindIn, placedIn, wordsIn } from '#stories/server/writes/tell.ts'
import { withPicture } from '#stories/telling.ts'
import {
  differenceOf,
  storyFields,
  type EditedStory,
  type LinksAgain,
  type PlacedPicture,
  type StoryState,
  type StoryToken,
  type StoryWords,
} from '#stories/story.ts'

/** Locks the story a mailed link opens; a forged or expired link finds nothing, and what somebody's worry keeps is not changed. */
async function toldBy(trx: Trx, token: string, now: Date): Promise<LockedStory> {
  const link = await trx
    .selectFrom('storyLinks')
    .select('story')
    .where('token', '=', hashToken(token))
    .where('expires', '>', now)
    .executeTakeFirst()
  if (!link) throw missing()
  return lockForTeller(trx, { id: link.story })
}

/** Does the work of whoever holds a story's mailed link, with the story locked, and answers the state it ends in. Refuses when somebody changed it since the revision that was read. */
const asTeller = (
  db: Db,
  { token, revision }: { token: string; revision?: number },
  now: Date,
  work: (trx: Trx, story: LockedStory) => Promise<StoryState>,
): Promise<{ state: StoryState }> =>
  inTransaction(db, async (trx) => {
    const story = await toldBy(trx, token, now)
    if (revision !== undefined && story.revision !== revision) throw new Refusal('conflict', 'refusal.stale')
    return { state: await work(trx, story) }
  })

/** Where a story goes when its teller sends it. */
const sentBy = (trx: Trx, viewer: Viewer, story: LockedStory): Promise<StoryState> =>
  afterSending(trx, story, { account: viewer.account, email: story.email ?? '' })

/** Whether a story has yet to be sent, or to be sent again. */
const unsent = (story: LockedStory): boolean => ['unverified', 'draft', 'withdrawn'].includes(story.state)

/** Sends a story on with its mailed link: confirms it, takes it out of drafts, or takes it up again. Pressing twice is once. */
export const sendStory = (
  db: Db,
  viewer: Viewer,
  input: StoryToken,
  now: Date,
): Promise<{ state: StoryState }> =>
  asTeller(db, input, now, async (trx, story) => {
    if (!unsent(story) && !(input.then === 'draft' && story.state === 'waiting')) return story.state
    const to =
      input.then === 'draft'
        ? 'draft'
        : story.state === 'withdrawn'
          ? 'waiting'
          : await sentBy(trx, viewer, story)
    if (to !== story.state) await changeStory(trx, viewer, { story, to, mover: 'teller' }, now)
    return to
  })

/** Keeps a story told anew; one that has yet to be sent is sent only when that is asked for. Refuses when somebody changed it meanwhile. A published one goes back to be read, with the difference, unless its teller is trusted; what is hidden stays hidden. */
export const editStory = (
  db: Db,
  viewer: Viewer,
  input: EditedStory,
  now: Date,
): Promise<{ state: StoryState }> =>
  asTeller(db, input, now, async (trx, story) => {
    const words: StoryWords = {
      ...wordsIn(input),
      kind: await kindIn(trx, story.week, input.kind),
      drawing: input.drawing ?? story.drawing,
      ...(await placedIn(trx, input)),
    }
    const draft = input.then === 'draft' && story.state !== 'hidden'
    const same = Object.keys(differenceOf(story, words)).length === 0
    const stays = input.then === 'save' && unsent(story)
    if (same && !draft && (stays || !unsent(story))) return story.state
    const to = draft ? draftOf(story) : stays ? story.state : await sentBy(trx, viewer, story)
    return keepWords(trx, viewer, { story, words, to }, now)
  })

/** Puts one photograph of a story where its teller wants it in the text, or takes it out of there. What has yet to be sent stays as it is; anything else is an edit as any other. */
export const putPicture = (
  db: Db,
  viewer: Viewer,
  input: PlacedPicture,
  now: Date,
): Promise<{ state: StoryState }> =>
  asTeller(db, input, now, async (trx, story) => {
    const body = withPicture(story.body, input.number, input.after)
    if (body === story.body) return story.state
    const to = unsent(story) || story.state === 'declined' ? story.state : await sentBy(trx, viewer, story)
    return keepWords(trx, viewer, { story, words: { ...wordsOf(story), body }, to }, now)
  })

const wordsOf = (story: LockedStory): StoryWords =>
  Object.fromEntries(storyFields.map((field) => [field, story[field]])) as StoryWords

type Kept = { story: LockedStory; words: StoryWords; to: StoryState }
async function keepWords(trx: Trx, viewer: Viewer, kept: Kept, now: Date): Promise<StoryState> {
  const { story, words, to } = kept
  const difference = differenceOf(story, words)
  // Its address says what it is called, as long as nobody can know the address.
  const slug = story.published === null && 'title' in difference ? { slug: storySlug(words.title) } : {}
  await changeStory(trx, viewer, { story, to, mover: 'teller', words, difference, ...slug }, now)
  return to
}

/** A declined story that is only kept as a draft stays declined until it is sent. */
const draftOf = (story: LockedStory): StoryState => (story.state === 'declined' ? 'declined' : 'draft')

/** Takes a story back: nobody sees it from this moment. Idempotent. */
export const withdrawStory = (
  db: Db,
  viewer: Viewer,
  input: StoryToken,
  now: Date,
): Promise<{ state: StoryState }> =>
  asTeller(db, input, now, async (trx, story) => {
    if (story.state !== 'withdrawn') {
      await changeStory(trx, viewer, { story, to: 'withdrawn', mover: 'teller' }, now)
    }
    return 'withdrawn'
  })

/** Forgets the address of whoever tells a story: no mail about it any more. The link still opens it. Idempotent. */
export const forgetTeller = (
  db: Db,
  _viewer: Viewer,
  input: StoryToken,
  now: Date,
): Promise<{ state: StoryState }> =>
  asTeller(db, input, now, async (trx, story) => {
    await trx.updateTable('stories').set({ email: null }).where('id', '=', story.id).execute()
    return story.state
  })

/** Mails the links of all stories that were told with an address; says and does the same whether there are any or none. */
export async function sendStoryLinks(db: Db, _viewer: Viewer, input: LinksAgain, now: Date): Promise<void> {
  await countOrRefuse(db, { name: 'story-links', of: input.email, most: 3, minutes: 60 }, now)
  await inTransaction(db, (trx) =>
    onceOnly(trx, `story-links ${keyedHash(input.email)}`, input.formKey, async () => {
      const stories = await trx
        .selectFrom('stories')
        .select(['id', 'title', 'created', 'language'])
        .where('email', '=', input.email)
        .where('example', '=', false)
        .orderBy('created', 'desc')
        .limit(20)
        .execute()
      if (stories.length === 0) return
      const links: string[] = []
      for (const { id, title, created, language } of stories) {
        const told = sayDay(created.toISOString().slice(0, 10), language, true)
        links.push(`${title}\n${told}\n${await newStoryLink(trx, id, now)}`)
      }
      await queueMail(trx, {
        key: `story-links:${input.email}:${now.getTime()}`,
        address: input.email,
        name: 'link-again',
        params: { links: links.join('\n\n'), stopLink: links.at(0)?.split('\n').at(-1) ?? '' },
        urgency: 'answer',
        due: now,
      })
    }),
  )
}
