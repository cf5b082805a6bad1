import { lastTurn, turnOf, type To } from '#letters/server/reads/turns.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import type { Trx } from '#platform/server/db.ts'
import { addJob } from '#platform/server/queue.ts'

/** Of so many letters that wait for one body the turns are given anew; a mailbox gets that many in three days. */
const atOnce = 1000

/** Gives letters that wait for a body an earlier turn where there is one now, in the order in which they wait, with time between those to one mailbox; none gets a later one. Idempotent. */
export async function bringForward(trx: Trx, organisation: string, now: Date): Promise<void> {
  const waiting = await trx
    .selectFrom('deliveries')
    .select(['id', 'email', 'organisation', 'zone', 'due'])
    .where('organisation', '=', organisation)
    .where('channel', '=', 'from-here')
    .where('state', '=', 'queued')
    .where('due', '>', now)
    .orderBy('email')
    .orderBy('due')
    .limit(atOnce)
    .forUpdate()
    .execute()
  for (const all of Map.groupBy(waiting, ({ email }) => email).values()) {
    const [first, ...more] = all
    if (!first) continue
    let last = await lastTurn(trx, first, ...more)
    for (const to of [first, ...more]) {
      const { due } = await turnOf(trx, to, last, now)
      if (to.due !== null && due < to.due) await wake(trx, to, due)
      last = due
    }
  }
}

async function wake(trx: Trx, to: To, due: Date): Promise<void> {
  await trx.updateTable('deliveries').set({ due }).where('id', '=', to.id).execute()
  const { payload, key } = sendingOf(to)
  await addJob(trx, 'letter.due', payload, { key, runAt: due })
}
