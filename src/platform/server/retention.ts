import { day } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'

const ago = (now: Date, days: number): Date => new Date(now.getTime() - days * day)

/** Removes what the platform need not keep: form keys and counts after 2 days, mails after 30 unless they still wait. Answers how many of each. Idempotent. */
export async function forgetPlatformRows(
  db: Db,
  now: Date,
): Promise<Record<'form-keys' | 'rate-counts' | 'mails', number>> {
  const keys = await db.deleteFrom('formKeys').where('created', '<', ago(now, 2)).executeTakeFirst()
  const rates = await db.deleteFrom('rateCounts').where('slot', '<', ago(now, 2)).executeTakeFirst()
  const mails = await db
    .deleteFrom('mails')
    .where('state', 'in', ['sent', 'example', 'dropped', 'failed', 'uncertain'])
    .where('created', '<', ago(now, 30))
    .executeTakeFirst()
  return {
    'form-keys': Number(keys.numDeletedRows),
    'rate-counts': Number(rates.numDeletedRows),
    mails: Number(mails.numDeletedRows),
  }
}
