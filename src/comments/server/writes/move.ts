import { mayMove, type ReplyState, type WaitReason } from '#comments/reply.ts'
import { putAway } from '#consent/server/writes/putting-away.ts'
import type { Language } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { addJob } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Answers the word of a reply's own page: always the same for one reply, known to nobody without the site's secret; only its hash is kept. */
export const ownWord = (reply: string): string => keyedHash(`reply:${reply}`)

/** Answers the whole address of a reply's own page, for a mail. */
export const ownLink = (reply: string): string => `${siteAddress(readConfig())}/replies/${ownWord(reply)}`

/** A reply as it stands, locked until the transaction ends. */
export type LockedReply = {
  id: string
  story: string
  words: string
  name: string
  website: string | null
  email: string | null
  account: string | null
  state: ReplyState
  before: ReplyState | null
  decidedBy: string | null
  held: Date | null
  revision: number
  language: Language
  example: boolean
}

/** Answers a reply as it stands and locks it; null when there is none. */
export async function lockReply(
  trx: Trx,
  which: { id: string } | { token: Buffer },
): Promise<LockedReply | null> {
  const row = await trx
    .selectFrom('replies')
    .select(['id', 'story', 'words', 'name', 'website', 'email', 'account', 'state', 'before'])
    .select(['decidedBy', 'held', 'revision', 'language', 'example'])
    .$if('id' in which, (query) => query.where('id', '=', 'id' in which ? which.id : ''))
    .$if('token' in which, (query) => query.where('token', '=', 'token' in which ? which.token : Buffer.of()))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export type ReplyMove = {
  reply: LockedReply
  to: ReplyState
  by: 'desk' | 'writer'
  reason?: string | null
  /** Other words of whoever wrote it, and why they wait. */
  said?: { words: string; name: string; website: string | null; waitsFor: WaitReason }
  /** Kept as it is until somebody's worry is over. */
  hold?: boolean
}

/** The one way a reply's state and words change: checks that the step exists and that nobody's worry keeps it as it is, keeps, writes it into the audit log, and queues what follows: the writer hears why it is not shown, the teller of the story that there is one. */
export async function moveReply(trx: Trx, viewer: Viewer, move: ReplyMove, now: Date): Promise<void> {
  const { reply, to, by, said } = move
  if (reply.held !== null && to !== 'hidden') throw new Refusal('conflict', 'refusal.held')
  if (reply.state !== to && !mayMove(by, reply.state, to)) throw new Refusal('conflict', 'replies.step')
  await trx
    .updateTable('replies')
    .set({
      ...said,
      state: to,
      changed: now,
      revision: reply.revision + 1,
      before: to === 'withdrawn' ? reply.state : null,
      ...(by === 'desk' && { decidedBy: viewer.account, reason: move.reason ?? null }),
      ...(move.hold && { held: reply.held ?? now }),
    })
    .where('id', '=', reply.id)
    .execute()
  await writeDown(trx, viewer, {
    action: said ? 'reply.edited' : `reply.${to}`,
    subject: `replies:${reply.id}`,
    details: { from: reply.state },
    byLink: by === 'writer' && viewer.account === null,
  })
  if (reply.state === 'shown' && to !== 'shown') {
    const how = by === 'desk' ? 'taken-down' : 'taken-away'
    await putAway(trx, viewer, { surface: reply.id, how }, now)
  }
  if (to === 'shown') await addJob(trx, 'reply.shown', { reply: reply.id }, { key: `reply ${reply.id}` })
  if (by === 'desk' && !move.hold) await tellWriter(trx, move, now)
}

/** A guest who left an address hears once that their reply is seen, and every time why it is not. */
async function tellWriter(trx: Trx, { reply, to, reason }: ReplyMove, now: Date): Promise<void> {
  const name =
    to === 'shown' ? 'reply-shown' : to === 'declined' || to === 'hidden' ? 'reply-not-shown' : null
  if (name === null || reply.email === null || reply.example) return
  const link = ownLink(reply.id)
  await queueMail(trx, {
    key: `${name}:${reply.id}:${reply.revision + 1}`,
    address: reply.email,
    name,
    params: { words: reply.words, reason: reason ?? '', link, stopLink: link },
    language: reply.language,
    urgency: 'answer',
    due: now,
  })
}
