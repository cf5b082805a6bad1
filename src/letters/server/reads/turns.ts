import { againAfter, apart, nextOpening, type Pause } from '#letters/pace.ts'
import { pausesOf } from '#letters/server/reads/reached.ts'
import type { Db } from '#platform/server/db.ts'

export type To = { id: string; email: string | null; zone: string; organisation: string | null }

/** Answers when the last letter before these leaves, or left, to their mailbox from here; null when none does. */
export async function lastTurn(db: Db, ...[to, ...more]: [To, ...To[]]): Promise<Date | null> {
  const { last } = await db
    .selectFrom('deliveries')
    .select((on) => on.fn.max('due').as('last'))
    .where('email', '=', to.email)
    .where('channel', '=', 'from-here')
    .where(
      'id',
      'not in',
      [to, ...more].map(({ id }) => id),
    )
    .where('state', 'in', ['queued', 'sending', 'uncertain', 'sent', 'bounced-soft'])
    .executeTakeFirstOrThrow()
  return last
}

type Turn = { due: Date; pause: Pause | null }

/** Answers when a letter may leave from here: after the one before it to the same mailbox, in the hours of its office, and after its pauses; and the pause it waits for, when it does. */
export function turnAfter(last: Date | null, zone: string, pauses: readonly Pause[], now: Date): Turn {
  const free = last === null ? now : new Date(Math.max(now.getTime(), last.getTime() + apart))
  return nextOpening(free, zone, pauses)
}

/** Answers when a letter that did not go goes once more: after two hours, in the hours of its office, and after its pauses. */
export const turnAgain = async (
  db: Db,
  to: { organisation: string | null; zone: string },
  now: Date,
): Promise<Date> => {
  const pauses = await pausesOf(db, to.organisation, now)
  return nextOpening(new Date(now.getTime() + againAfter), to.zone, pauses).due
}

/** Answers the same for a letter whose office may have pauses. */
export const turnOf = async (db: Db, to: To, last: Date | null, now: Date): Promise<Turn> =>
  turnAfter(last, to.zone, await pausesOf(db, to.organisation, now), now)
