import { apart, nextOpening, type Pause } from '#letters/pace.ts'
import { pausesOf } from '#letters/server/reads/reached.ts'
import type { Db } from '#platform/server/db.ts'

type To = { id: string; email: string | null; zone: string; organisation: string | null }

/** Answers when the last letter before this one leaves, or left, to its mailbox from here; null when none does. */
export async function lastTurn(db: Db, { id, email }: To): Promise<Date | null> {
  const { last } = await db
    .selectFrom('deliveries')
    .select((on) => on.fn.max('due').as('last'))
    .where('email', '=', email)
    .where('channel', '=', 'from-here')
    .where('id', '<>', id)
    .where('state', 'in', ['queued', 'sending', 'uncertain', 'sent', 'bounced-soft'])
    .executeTakeFirstOrThrow()
  return last
}

/** Answers when a letter may leave from here: after the one before it to the same mailbox, in the hours of its office, and after its pause; and the pause it waits for, when it does. */
export async function turnOf(
  db: Db,
  to: To,
  last: Date | null,
  now: Date,
): Promise<{ due: Date; pause: Pause | null }> {
  const free = last === null ? now : new Date(Math.max(now.getTime(), last.getTime() + apart))
  return nextOpening(free, to.zone, await pausesOf(db, to.organisation, now))
}
