import { sql } from 'kysely'
import { mayRestoreReply, mayReviewReplies } from '#comments/may.ts'
import {
  backTo,
  repliesShown,
  type OwnReply,
  type Reply,
  type ReplyState,
  type WaitReason,
} from '#comments/reply.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { hashToken } from '#platform/server/tokens.ts'

/** How many like a story `s`, and how many replies can be read where it is; for the caller's own question about stories that may be read. */
export const heard = sql<{ likes: number; replies: number } | null>`json_build_object(
  'likes', (select count(*)::int from likes l where l.story = s.id),
  'replies', (select count(*)::int from replies r where r.story = s.id and r.state = 'shown'))`

export type Said = { replies: Reply[]; total: number; pages: number }

/** Answers one page of the replies to a story, oldest first, fifty at most, and how many there are. Only for a story that the caller may read: a reply is seen where its story is (rule 26). */
export async function repliesTo(db: Db, story: string, page: number): Promise<Said> {
  const shown = db.selectFrom('replies').where('story', '=', story).where('state', '=', 'shown')
  const [replies, { total }] = await Promise.all([
    shown
      .select(['id', 'name', 'website', 'words', 'created'])
      .orderBy('created')
      .orderBy('id')
      .limit(sql.lit(repliesShown))
      .$if(page > 1, (on) => on.offset((page - 1) * repliesShown))
      .execute(),
    shown.select((on) => on.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { replies, total, pages: Math.ceil(total / repliesShown) }
}

/** Answers a reply to whoever holds its link; null for any other word, and for one that somebody's worry holds. */
export async function ownReply(db: Db, token: string): Promise<OwnReply | null> {
  const row = await db
    .selectFrom('replies')
    .select(['id', 'story', 'words', 'name', 'website', 'state', 'reason', 'revision', 'before'])
    .where('token', '=', hashToken(token))
    .where('held', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { before, state, ...rest } = row
  return {
    ...rest,
    state,
    backTo: state === 'withdrawn' ? backTo(before ?? 'waiting') : null,
  }
}

/** A reply as whoever reviews reads it. */
export type ReviewedReply = Reply & {
  story: string
  state: ReplyState
  waitsFor: WaitReason | null
  revision: number
  changed: Date
  example: boolean
  /** Whether somebody can be written to who sent it. */
  reachable: boolean
}

const reviewed = (db: Db) =>
  db
    .selectFrom('replies as r')
    .select(['r.id', 'r.story', 'r.words', 'r.name', 'r.website', 'r.state', 'r.waitsFor', 'r.revision'])
    .select(['r.created', 'r.changed', 'r.example'])
    .select((on) => on.or([on('r.email', 'is not', null), on('r.account', 'is not', null)]).as('reachable'))
    .where('r.held', 'is', null)

const asReviewed = (
  row: Awaited<ReturnType<ReturnType<typeof reviewed>['execute']>>[number],
): ReviewedReply => ({
  ...row,
  state: row.state,
  waitsFor: row.waitsFor,
  reachable: Boolean(row.reachable),
})

/** Answers a reply in whatever state, for a concern about it; null when it is gone. What somebody is worried about says nothing but to whoever opens it. Refuses whoever does not review. */
export async function replyForReview(
  db: Db,
  viewer: Viewer,
  id: string,
  opened: boolean,
): Promise<{ title: string; words: string; hidden: boolean; held: boolean; mayRestore: boolean } | null> {
  if (!mayReviewReplies(viewer)) throw missing()
  const row = await db
    .selectFrom('replies')
    .select(['name', 'words', 'state', 'held', 'decidedBy', 'account', 'email'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { name, words, held, ...moved } = row
  const hidden = row.state === 'hidden'
  const mayRestore = hidden && held === null && mayRestoreReply(viewer, moved)
  const says = held === null || opened
  return { title: says ? name : '', words: says ? words : '', hidden, held: held !== null, mayRestore }
}

/** Answers the replies that wait for a person, oldest first, two hundred at most; refuses whoever does not review. */
export async function waitingReplies(db: Db, viewer: Viewer): Promise<ReviewedReply[]> {
  if (!mayReviewReplies(viewer)) throw missing()
  const rows = await reviewed(db)
    .where('r.state', '=', 'waiting')
    .orderBy('r.created')
    .orderBy('r.id')
    .limit(200)
    .execute()
  return rows.map(asReviewed)
}

/** How many replies one page of all of them has. */
const atOnce = 50

/** Answers one page of what was said and decided lately, last changed first, and whether there is more; nothing that its writer took back. */
export async function latestReplies(
  db: Db,
  viewer: Viewer,
  page: number,
): Promise<{ replies: ReviewedReply[]; more: boolean }> {
  if (!mayReviewReplies(viewer)) throw missing()
  const rows = await reviewed(db)
    .where('r.state', 'in', ['shown', 'hidden', 'declined'])
    .orderBy('r.changed', 'desc')
    .orderBy('r.id')
    .limit(atOnce + 1)
    .offset((page - 1) * atOnce)
    .execute()
  return { replies: rows.slice(0, atOnce).map(asReviewed), more: rows.length > atOnce }
}

/** Answers the words that are watched for, in the order of the alphabet, five hundred at most. */
export async function watchedWords(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('watchedWords').select('word').orderBy('word').limit(500).execute()
  return rows.map(({ word }) => word)
}

/** Answers what the viewer's own account said and liked, or an address of theirs said as a guest. For the download of own data. */
export async function ownCommentData(db: Db, viewer: Viewer) {
  const replies = await db
    .selectFrom('replies as r')
    .select(['r.words', 'r.name', 'r.website', 'r.state', 'r.created'])
    .where((on) => on.or([on('r.account', '=', viewer.account), on('r.email', '=', viewer.email)]))
    // What somebody is worried about is kept from everybody, also from whoever wrote it.
    .where('r.held', 'is', null)
    .orderBy('r.created')
    .execute()
  const likes = await db
    .selectFrom('likes')
    .select(['story', 'created'])
    .where('account', '=', viewer.account)
    .orderBy('created')
    .execute()
  return { replies, likes }
}
