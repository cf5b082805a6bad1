import { likeNoLonger, likeOnce, likes, type Liking } from '#comments/server/writes/likes.ts'
import { sayReply } from '#comments/server/writes/reply.ts'
import type { NewReply } from '#comments/reply.ts'
import type { Language } from '#kernel/messages.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { shownStories } from '#stories/server/reads/shown.ts'

/** Answers a story that everybody may read at this moment; looks like nothing is there for any other. */
async function readable(
  db: Db,
  slug: string,
  now: Date,
): Promise<{ id: string; title: string; example: boolean }> {
  const story = await shownStories(db, now)
    .select(['s.id', 's.title', 's.example'])
    .where('s.slug', '=', slug)
    .executeTakeFirst()
  if (!story) throw missing()
  return story
}

export type ReplyTo = NewReply & { slug: string; language: Language; client?: string }

/** Keeps what somebody says to a story that everybody may read. Answers the word of the reply's own page, and whether it is shown at once. */
export async function replyToStory(
  db: Db,
  viewer: Viewer,
  { slug, ...reply }: ReplyTo,
  now: Date,
): Promise<{ token: string; shown: boolean }> {
  const story = await readable(db, slug, now)
  return sayReply(db, viewer, { ...reply, story }, now)
}

export type LikeOf = Omit<Liking, 'story'> & { slug: string }

/** Adds somebody to those who like a story that everybody may read, once. */
export async function likeStory(db: Db, viewer: Viewer, { slug, ...who }: LikeOf, now: Date): Promise<void> {
  const { id } = await readable(db, slug, now)
  await likeOnce(db, viewer, { ...who, story: id }, now)
}

/** Takes somebody out of those who like a story that everybody may read. Idempotent. */
export async function likeStoryNoLonger(
  db: Db,
  viewer: Viewer,
  { slug, ...who }: LikeOf,
  now: Date,
): Promise<void> {
  const { id } = await readable(db, slug, now)
  await likeNoLonger(db, viewer, { ...who, story: id })
}

/** Answers whether somebody likes a story that everybody may read. */
export async function likesStory(
  db: Db,
  viewer: Viewer,
  { slug, ...who }: LikeOf,
  now: Date,
): Promise<boolean> {
  const { id } = await readable(db, slug, now)
  return likes(db, viewer, { ...who, story: id })
}
