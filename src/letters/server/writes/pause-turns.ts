import { sql } from 'kysely'
import { keptDays } from '#letters/letter.ts'
import { againAfter, apart, nextOpening } from '#letters/pace.ts'
import { pausesOf } from '#letters/server/reads/reached.ts'
import { lastTurn, turnAfter, type To } from '#letters/server/reads/turns.ts'
import { sendingOf } from '#letters/server/writes/confirm.ts'
import type { Trx } from '#platform/server/db.ts'
import { addJobs } from '#platform/server/queue.ts'

/** Of so many letters that wait for one body the turns are given anew; a mailbox gets that many in three days. */
const atOnce = 1000

type Waiting = To & { due: Date; tries: number; changed: Date }

/** Gives letters that wait for a body an earlier turn where there is one now, in the order in which they wait, with time between those to one mailbox; none gets a later one, and what its server did not take goes no sooner than two hours after that. Idempotent. */
export async function bringForward(trx: Trx, organisation: string, now: Date): Promise<void> {
  const pauses = await pausesOf(trx, organisation, now)
  await giveTurns(trx, organisation, now, (to, last) => {
    const soonest = to.tries === 0 ? 0 : to.changed.getTime() + againAfter
    const { due } = turnAfter(last, to.zone, pauses, new Date(Math.max(now.getTime(), soonest)))
    return due < to.due ? due : to.due
  })
}

/** Gives letters that wait for a body a turn after its pauses, when theirs falls into one, in the order in which they wait; the others keep theirs. Idempotent. */
export async function holdBack(trx: Trx, organisation: string, now: Date): Promise<void> {
  const pauses = await pausesOf(trx, organisation, now)
  await giveTurns(trx, organisation, now, (to, last) => {
    const { due } = nextOpening(to.due, to.zone, pauses)
    if (due.getTime() === to.due.getTime()) return due
    const free = Math.max(due.getTime(), (last?.getTime() ?? 0) + apart)
    return nextOpening(new Date(free), to.zone, pauses).due
  })
}

async function giveTurns(
  trx: Trx,
  organisation: string,
  now: Date,
  turn: (to: Waiting, last: Date | null) => Date,
): Promise<void> {
  const rows = await trx
    .selectFrom('deliveries')
    .select(['id', 'email', 'organisation', 'zone', 'due', 'tries', 'changed'])
    .where('organisation', '=', organisation)
    .where('channel', '=', 'from-here')
    .where('state', '=', 'queued')
    .where('due', '>', now)
    .orderBy('email')
    .orderBy('due')
    .limit(atOnce)
    .forUpdate()
    .execute()
  const waiting = rows.flatMap((row): Waiting[] => (row.due === null ? [] : [{ ...row, due: row.due }]))
  const moved: Waiting[] = []
  for (const all of Map.groupBy(waiting, ({ email }) => email).values()) {
    const [first, ...more] = all
    if (!first) continue
    let last = await lastTurn(trx, first, ...more)
    for (const to of all) {
      const due = turn(to, last)
      if (due.getTime() !== to.due.getTime()) moved.push({ ...to, due })
      last = due
    }
  }
  await wake(trx, moved)
}

async function wake(trx: Trx, moved: readonly Waiting[]): Promise<void> {
  if (moved.length === 0) return
  const turns = sql`unnest(${moved.map(({ id }) => id)}::uuid[], ${moved.map(({ due }) => due)}::timestamptz[])
    as turn (id, due)`
  await sql`update deliveries set due = turn.due from ${turns} where deliveries.id = turn.id`.execute(trx)
  // Its words are not erased before it has gone.
  await sql`
    update letters set erase = greatest(erase, kept.until) from (
      select deliveries.letter, max(turn.due) + make_interval(days => ${keptDays}::int) as until
      from ${turns} join deliveries on deliveries.id = turn.id group by deliveries.letter) kept
    where letters.id = kept.letter`.execute(trx)
  await addJobs(
    trx,
    'letter.due',
    moved.map((to) => ({ ...sendingOf(to), runAt: to.due })),
  )
}
