import { sql } from 'kysely'
import { Refusal } from '#kernel/refusal.ts'
import { minute } from '#kernel/limits.ts'
import type { MessageKey } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { keyedHash } from '#platform/server/tokens.ts'

export type Rate = {
  name: string
  of: string
  most: number
  minutes: number
  /** What is said when it was too often, with `minutes` and `hours` to go; the usual sentence unless told otherwise. */
  says?: MessageKey
}

/** Counts one more of something done by somebody (an address, an e-mail: kept as a keyed hash only); refuses with "too-often" above the most in so many minutes. Several are counted together, and the first that is too often refuses. */
export async function countOrRefuse(db: Db, rate: Rate | readonly Rate[], now = new Date()): Promise<void> {
  const rates: Rate[] = [rate].flat()
  if (rates.length === 0) return
  const slots = rates.map(({ minutes }) => minutes * minute).map((length) => slotOf(now, length))
  const names = rates.map(({ name, of }) => `${name}:${keyedHash(of)}`)
  const rows = await db
    .insertInto('rateCounts')
    .values(names.map((name, at) => ({ name, slot: slots[at] ?? now, count: 1 })))
    .onConflict((conflict) =>
      conflict.columns(['name', 'slot']).doUpdateSet({ count: sql`rate_counts.count + 1` }),
    )
    .returning(['name', 'count'])
    .execute()
  for (const [at, { most, minutes, says }] of rates.entries()) {
    const count = rows.find((row) => row.name === names[at])?.count ?? 0
    if (count <= most) continue
    const end = slotOf(now, minutes * minute).getTime() + minutes * minute
    const left = Math.max(1, Math.ceil((end - now.getTime()) / minute))
    throw new Refusal('too-often', says ?? 'refusal.too-often', {
      minutes: left,
      hours: Math.ceil(left / 60),
    })
  }
}

const slotOf = (now: Date, length: number): Date => new Date(Math.floor(now.getTime() / length) * length)
