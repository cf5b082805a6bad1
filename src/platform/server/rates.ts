import { sql } from 'kysely'
import { Refusal } from '#kernel/refusal.ts'
import { minute } from '#kernel/limits.ts'
import type { Db } from '#platform/server/db.ts'
import { keyedHash } from '#platform/server/tokens.ts'

export type Rate = { name: string; of: string; most: number; minutes: number }

/** Counts one more of something done by somebody (an address, an e-mail: kept as a keyed hash only); refuses with "too-often" above the most in so many minutes. */
export async function countOrRefuse(db: Db, rate: Rate, now = new Date()): Promise<void> {
  const length = rate.minutes * minute
  const slot = new Date(Math.floor(now.getTime() / length) * length)
  const row = await db
    .insertInto('rateCounts')
    .values({ name: `${rate.name}:${keyedHash(rate.of)}`, slot, count: 1 })
    .onConflict((conflict) =>
      conflict.columns(['name', 'slot']).doUpdateSet({ count: sql`rate_counts.count + 1` }),
    )
    .returning('count')
    .executeTakeFirstOrThrow()
  if (row.count > rate.most) {
    const minutes = Math.max(1, Math.ceil((slot.getTime() + length - now.getTime()) / minute))
    throw new Refusal('too-often', 'refusal.too-often', { minutes })
  }
}
