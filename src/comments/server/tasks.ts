import { addressDays, declinedDays, takenBackDays } from '#comments/reply.ts'
import { day } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'

const ago = (now: Date, days: number): Date => new Date(now.getTime() - days * day)

/** Removes replies that their writers took back seven days ago, and those declined thirty days ago; and guests' addresses after four hundred days. What somebody's worry holds keeps all of it. Answers how many of each. Idempotent. */
export async function forgetReplies(
  db: Db,
  now: Date,
): Promise<Record<'replies' | 'reply-addresses', number>> {
  const gone = await db
    .deleteFrom('replies')
    .where('held', 'is', null)
    .where((on) =>
      on.or([
        on.and([on('state', '=', 'withdrawn'), on('changed', '<=', ago(now, takenBackDays))]),
        on.and([on('state', '=', 'declined'), on('changed', '<=', ago(now, declinedDays))]),
      ]),
    )
    .executeTakeFirst()
  const unnamed = await db
    .updateTable('replies')
    .set({ email: null })
    .where('email', 'is not', null)
    .where('held', 'is', null)
    .where('created', '<=', ago(now, addressDays))
    .executeTakeFirst()
  return { replies: Number(gone.numDeletedRows), 'reply-addresses': Number(unnamed.numUpdatedRows) }
}
