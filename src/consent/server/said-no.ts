import type { Facts, Id } from '#consent/events.ts'
import type { Draft } from '#consent/server/log.ts'
import { hour } from '#kernel/limits.ts'
import { addJob } from '#platform/server/queue.ts'
import type { Trx } from '#platform/server/db.ts'

/** How long whoever posted it hears nothing: a slip of the finger is a yes again by then, and the moment says less of who it was. */
const quiet = hour

/** Whether somebody who is shown, or who speaks for them, says no with it. */
const isNo = (facts: Facts): boolean =>
  facts.kind === 'objected' ||
  facts.kind === 'declined' ||
  (facts.kind === 'answered' && facts.answer === 'no')

/** Answers which surfaces somebody's no could hide from people who see them now: none when nobody said no, or only whoever posted there, who knows. */
export async function seenBefore(trx: Trx, drafts: readonly Draft[], surfaces: readonly Id[]): Promise<Id[]> {
  const hands = drafts.filter(({ facts }) => isNo(facts)).map(({ by }) => by)
  if (hands.length === 0 || surfaces.length === 0) return []
  const rows = await trx
    .selectFrom('placements')
    .select(['surface', 'postedBy'])
    .distinct()
    .where('surface', 'in', [...surfaces])
    .where('state', '=', 'live')
    .execute()
  const heard = rows.filter(({ postedBy }) => hands.some((hand) => hand !== postedBy))
  return [...new Set(heard.map(({ surface }) => surface))]
}

/** Lets the room that owns them tell whoever posted it of those that a no has hidden, in the transaction that hid them, to be told later. One waiting job for each. */
export async function tellWhoPosted(trx: Trx, before: readonly Id[], now: Date): Promise<void> {
  if (before.length === 0) return
  const hidden = await trx
    .selectFrom('placements')
    .select('surface')
    .distinct()
    .where('surface', 'in', [...before])
    .where('state', '=', 'hidden')
    .execute()
  for (const { surface } of hidden) {
    const runAt = new Date(now.getTime() + quiet)
    await addJob(trx, 'picture.refused', { surface }, { key: `picture.refused:${surface}`, runAt })
  }
}
