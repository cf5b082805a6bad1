import type { ActivityState } from '#activities/activity.ts'
import {
  backTo,
  enoughPublished,
  type AnswerInput,
  type CancelInput,
  type HostToken,
  type WithdrawInput,
} from '#activities/host.ts'
import { mailHostsOfCoHost } from '#activities/server/host-mail.ts'
import { hostOf, type Host } from '#activities/server/reads/host.ts'
import { takenDown } from '#activities/server/reads/rsvp.ts'
import { changeState, lockWhole, type WholeActivity } from '#activities/server/writes/change-state.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

export type Held = { trx: Trx; host: Host; activity: WholeActivity }

/** Does the work of a host whose address has said yes, with the activity locked; refuses any other link, and while somebody's worry keeps the activity as it is. */
export const asHost = <Result>(
  db: Db,
  token: string,
  now: Date,
  work: (held: Held) => Promise<Result>,
): Promise<Result> =>
  inTransaction(db, async (trx) => {
    const host = await hostOf(trx, token, now)
    if (host.confirmed === null) throw new Refusal('forbidden', 'edit.refusal.confirm')
    const activity = await lockWhole(trx, host.activity)
    if (activity.held !== null) throw new Refusal('conflict', 'refusal.held')
    return work({ trx, host, activity })
  })

/** Keeps that an address is its owner's, and opens what it said by link; a trusted host's is listed at once. A co-host's yes opens nothing, and the hosts are told of it. Doing it twice does nothing more. */
export const confirmHost = (db: Db, viewer: Viewer, { token }: HostToken, now: Date): Promise<HostToken> =>
  inTransaction(db, async (trx) => {
    const host = await hostOf(trx, token, now)
    const activity = await lockWhole(trx, host.activity)
    await trx
      .updateTable('hosts')
      .set({ confirmed: now })
      .where('activity', '=', host.activity)
      .where('email', '=', host.email)
      .where('confirmed', 'is', null)
      .execute()
    if (host.confirmed === null && host.part === 'co-host') await mailHostsOfCoHost(trx, activity, host, now)
    if (activity.state === 'unverified' && host.part !== 'co-host') {
      const to = await firstState(trx, host.email)
      await changeState(trx, viewer, { id: activity.id, to, mover: 'host', byLink: true }, now)
    }
    return { token }
  })

/** Where what this confirmed address says goes first: onto the list when it is trusted, else to those who read. */
export async function firstState(trx: Trx, email: string): Promise<ActivityState> {
  const account = await trx
    .selectFrom('accounts')
    .select('trusted')
    .where('email', '=', email)
    .executeTakeFirst()
  if (account?.trusted) return 'published'
  const before = await trx
    .selectFrom('hosts')
    .innerJoin('activities', 'activities.id', 'hosts.activity')
    .select((on) => [
      on.fn.countAll<string>().filterWhere('activities.state', '=', 'published').as('published'),
      on.fn.countAll<string>().filterWhere('activities.state', '=', 'declined').as('declined'),
    ])
    .where('hosts.email', '=', email)
    .where('hosts.part', '=', 'host')
    .where('hosts.confirmed', 'is not', null)
    .executeTakeFirstOrThrow()
  const known = Number(before.published) >= enoughPublished && Number(before.declined) === 0
  return known ? 'published' : 'waiting'
}

/** Calls an activity off with a reason; it stays where people look for it, as cancelled, and everybody else who hosts it is told at once. Idempotent. */
export const cancelActivity = (db: Db, viewer: Viewer, input: CancelInput, now: Date): Promise<HostToken> =>
  asHost(db, input.token, now, async ({ trx, activity, host }) => {
    const { reason } = input
    const change = { id: activity.id, to: 'cancelled', mover: 'host', byLink: true } as const
    await changeState(trx, viewer, { ...change, reason, by: host.email }, now)
    return { token: input.token }
  })

/** Takes an activity away from everywhere; also one that was never confirmed, by whoever holds its mail. Idempotent. */
export const withdrawActivity = (
  db: Db,
  viewer: Viewer,
  input: WithdrawInput,
  now: Date,
): Promise<HostToken> =>
  inTransaction(db, async (trx) => {
    const host = await hostOf(trx, input.token, now)
    const activity = await lockWhole(trx, host.activity)
    if (host.confirmed === null && (activity.state !== 'unverified' || host.part !== 'host')) {
      throw new Refusal('forbidden', 'edit.refusal.confirm')
    }
    const change = { id: activity.id, to: 'withdrawn', mover: 'host', byLink: true } as const
    await changeState(trx, viewer, { ...change, reason: input.reason }, now)
    return { token: input.token }
  })

/** Brings back what its host cancelled or took away, or asks again about what was declined. What was taken down by a reviewer stays away. */
export const bringBack = (db: Db, viewer: Viewer, { token }: HostToken, now: Date): Promise<HostToken> =>
  asHost(db, token, now, async ({ trx, activity }) => {
    const was = { published: activity.published !== null, takenDown: await takenDown(trx, activity.id) }
    const to = backTo(activity.state, was)
    if (to !== null) {
      await changeState(trx, viewer, { id: activity.id, to, mover: 'host', byLink: true }, now)
    } else if (activity.state === 'withdrawn') {
      throw new Refusal('forbidden', 'edit.refusal.taken-down')
    }
    return { token }
  })

/** Answers what a reviewer asked; it waits to be read again. Idempotent. */
export const answerReview = (db: Db, viewer: Viewer, input: AnswerInput, now: Date): Promise<HostToken> =>
  asHost(db, input.token, now, async ({ trx, activity }) => {
    if (activity.state === 'asked-for-more') {
      const change = { id: activity.id, to: 'waiting', mover: 'host', byLink: true } as const
      await changeState(trx, viewer, { ...change, reason: input.answer }, now)
    }
    return { token: input.token }
  })

/** Lets a co-host go, asked or confirmed: no more mail, no more link. Whoever said the activity stays. */
export const leaveActivity = (db: Db, _viewer: Viewer, { token }: HostToken, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    const host = await hostOf(trx, token, now)
    if (host.part === 'host') throw new Refusal('conflict', 'edit.refusal.host-stays')
    const { held } = await lockWhole(trx, host.activity)
    if (held !== null) throw new Refusal('conflict', 'refusal.held')
    await trx
      .deleteFrom('hostLinks')
      .where('activity', '=', host.activity)
      .where('email', '=', host.email)
      .execute()
    await trx
      .deleteFrom('hosts')
      .where('activity', '=', host.activity)
      .where('email', '=', host.email)
      .execute()
  })
