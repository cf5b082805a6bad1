import { putAway } from '#consent/server/writes/putting-away.ts'
import { openSurface, showAgain, takeDown } from '#consent/server/writes/taking-down.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { queueMail, type MailName } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { newToken } from '#platform/server/tokens.ts'
import { day } from '#kernel/limits.ts'
import { followWords } from '#stories/server/writes/follow.ts'
import {
  mayFollow,
  type Mover,
  type StoryDifference,
  type StoryState,
  type StoryWords,
} from '#stories/story.ts'

/** How long a mailed link to a story opens it, days. */
export const linkDays = 400

/** A story as it stands, locked until the transaction ends. */
export type LockedStory = StoryWords & {
  id: string
  slug: string
  state: StoryState
  revision: number
  week: number
  activity: string | null
  account: string | null
  email: string | null
  language: string
  published: Date | null
  /** Since when somebody's worry keeps it as it is. */
  held: Date | null
  example: boolean
}

type Found = { id: string } | { slug: string } | { activity: string }

/** Answers a story as it stands and locks it; null when there is none. */
export async function lockStory(trx: Trx, which: Found): Promise<LockedStory | null> {
  const row = await trx
    .selectFrom('stories')
    .select(['id', 'slug', 'state', 'revision', 'week', 'activity', 'account', 'email', 'language'])
    .select(['published', 'example', 'title', 'body', 'authorName', 'withName', 'kind', 'country', 'town'])
    .select(['drawing', 'held', 'toldHow', 'link', 'linkTitle', 'linkWords'])
    .$if('id' in which, (query) => query.where('id', '=', 'id' in which ? which.id : ''))
    .$if('slug' in which, (query) => query.where('slug', '=', 'slug' in which ? which.slug : ''))
    .$if('activity' in which, (query) =>
      query.where('activity', '=', 'activity' in which ? which.activity : '').where('fromReport', '=', true),
    )
    .where('setAside', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Answers a story as it stands and locks it, for whoever holds its link; refuses while somebody's worry keeps it as it is. */
export async function lockForTeller(trx: Trx, { id }: { id: string }): Promise<LockedStory> {
  const story = await lockStory(trx, { id })
  if (!story) throw missing()
  if (story.held !== null) throw new Refusal('conflict', 'refusal.held')
  return story
}

/** Makes a link for whoever tells a story and answers its secret word; only its hash is kept. */
export async function openStory(db: Db, story: string, now: Date): Promise<string> {
  const { token, hash } = newToken()
  await db
    .insertInto('storyLinks')
    .values({ token: hash, story, created: now, expires: new Date(now.getTime() + linkDays * day) })
    .execute()
  return token
}

/** Makes a link for whoever tells a story and answers its whole address, for a mail. */
export const newStoryLink = async (trx: Trx, story: string, now: Date): Promise<string> =>
  `${siteAddress(readConfig())}/stories/edit/${await openStory(trx, story, now)}`

export type StoryChange = {
  story: LockedStory
  to: StoryState
  mover: Mover
  /** The human reason of a decision. */
  reason?: string | null
  /** What the teller wrote anew, and the difference for reviewers. */
  words?: StoryWords
  difference?: StoryDifference
  /** A new address, while it was never published. */
  slug?: string
  /** Whoever tells it is not written to. */
  quiet?: boolean
}

/** The one way a story's state and words change: checks that the step exists and that nobody's worry keeps it as it is, keeps, does what follows from other words, writes it into the story's history and the audit log, and queues the mail that says so and why. */
export async function changeStory(trx: Trx, viewer: Viewer, change: StoryChange, now: Date): Promise<void> {
  const { story, to, mover, words, difference = {} } = change
  const stays = story.state === to
  if (story.held !== null && (to !== 'hidden' || mover === 'teller'))
    throw new Refusal('conflict', 'refusal.held')
  if (!stays && !mayFollow(mover, story.state, to)) throw new Refusal('conflict', 'stories.refusal.step')
  const reason = change.reason ?? null
  await trx
    .updateTable('stories')
    .set({
      ...words,
      ...(change.slug !== undefined && { slug: change.slug }),
      state: to,
      updated: now,
      revision: story.revision + 1,
      ...(!stays && { reason }),
      ...(to === 'published' && { published: story.published ?? now }),
    })
    .where('id', '=', story.id)
    .execute()
  if (words) await followWords(trx, viewer, { id: story.id, link: words.link }, now)
  if (mover === 'desk') {
    await trx.updateTable('storyChanges').set({ read: true }).where('story', '=', story.id).execute()
  }
  await trx
    .insertInto('storyChanges')
    .values({
      story: story.id,
      at: now,
      account: viewer.account,
      byTeller: mover === 'teller',
      fromState: story.state,
      toState: to,
      reason,
      diff: JSON.stringify(difference),
      read: mover === 'desk' || Object.keys(difference).length === 0,
    })
    .execute()
  await writeDown(trx, viewer, {
    action: stays && mover === 'teller' ? 'story.edited' : `story.${to}`,
    subject: `stories:${story.id}`,
    details: { from: story.state },
    byLink: mover === 'teller',
  })
  await showOrHide(trx, viewer, change, now)
  if (!change.quiet) await mailChange(trx, change, now)
}

/** What hides a story and its pictures is permission: it reaches every byte, and survives a restore. The state says so to whoever tells it and to the desk. */
async function showOrHide(
  trx: Trx,
  viewer: Viewer,
  { story, to, mover }: StoryChange,
  now: Date,
): Promise<void> {
  const { id } = story
  if (to === 'hidden' || (to === 'withdrawn' && story.state === 'published')) {
    await takeDown(trx, viewer, { surface: id, own: false }, now)
  }
  // No second person is needed for what its teller took off the wall to go on with; a restore does not put it back.
  if (to === 'draft' && story.state === 'published')
    await putAway(trx, viewer, { surface: id, how: 'taken-away' }, now)
  // Only a second person shows again what was hidden; a teller never does.
  if (to === 'published' && mover === 'desk') await showAgain(trx, viewer, id, now)
  await openSurface(trx, id, to === 'published')
}

/** Which mail tells the teller of a step; none when they took it themselves and wait for nothing. */
function mailOf({ story, to, mover }: StoryChange): MailName | null {
  if (story.state === to) return null
  if (mover === 'teller') {
    return story.state === 'unverified' && to === 'waiting' ? 'story-received' : null
  }
  if (to === 'published') return story.state === 'hidden' ? 'story-restored' : 'story-published'
  if (to === 'asked-for-more') return 'story-asked'
  if (to === 'declined') return 'story-declined'
  return to === 'hidden' ? 'story-hidden' : null
}

async function mailChange(trx: Trx, change: StoryChange, now: Date): Promise<void> {
  const { story } = change
  const name = mailOf(change)
  if (name === null || story.email === null || story.example) return
  const link = await newStoryLink(trx, story.id, now)
  await queueMail(trx, {
    key: `story:${story.id}:${story.revision + 1}:${name}`,
    address: story.email,
    name,
    params: {
      title: change.words?.title ?? story.title,
      reason: change.reason ?? '',
      link,
      stopLink: link,
      publicLink: `${siteAddress(readConfig())}/stories/${story.slug}`,
    },
    language: story.language,
    urgency: 'answer',
    due: now,
  })
}
