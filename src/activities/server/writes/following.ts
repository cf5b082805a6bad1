import type { ActivityState } from '#activities/activity.ts'
import { takenDownBy } from '#activities/server/reads/review.ts'
import type { PutAway } from '#consent/events.ts'
import type { Trx } from '#platform/server/db.ts'

const stateOf: Record<PutAway, ActivityState> = {
  'taken-down': 'withdrawn',
  'taken-away': 'withdrawn',
  declined: 'declined',
  'by-link': 'by-link',
  'asked-for-more': 'asked-for-more',
}

/** How far something is from where everybody finds it; a replay takes it only further away. */
const away: readonly ActivityState[] = [
  'published',
  'cancelled',
  'waiting',
  'asked-for-more',
  'by-link',
  'unverified',
  'declined',
  'withdrawn',
]

/** Puts an activity away again that a restore brought back, by the hand that had done it, and mails nobody. What is further away already, or not here, stays. Answers whether it did anything; runs twice. */
export async function putAwayAgain(
  trx: Trx,
  { surface, how, by }: { surface: string; how: PutAway; by: string },
  now: Date,
): Promise<boolean> {
  const row = await trx
    .selectFrom('activities')
    .select(['id', 'state', 'revision', 'sequence'])
    .where('id', '=', surface)
    .where('setAside', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return false
  const [from, to] = [row.state, stateOf[how]]
  const account = await accountOf(trx, by)
  const again = from === to && how === 'taken-down'
  if (again && (await takenDownBy(trx, surface))?.by.includes(account)) return false
  if (!again && away.indexOf(from) >= away.indexOf(to)) return false
  await trx
    .updateTable('activities')
    .set({ state: to, reason: null, updated: now, revision: row.revision + 1, sequence: row.sequence + 1 })
    .where('id', '=', surface)
    .execute()
  const byHost = how === 'taken-away'
  await trx
    .insertInto('activityChanges')
    .values({ activity: surface, at: now, account, byHost, fromState: from, toState: to })
    .execute()
  return true
}

const accountOf = async (trx: Trx, hand: string): Promise<string | null> =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(hand)
    ? ((await trx.selectFrom('accounts').select('id').where('id', '=', hand).executeTakeFirst())?.id ?? null)
    : null
