import type { ActivityState } from '#activities/activity.ts'
import { hostsOf } from '#activities/server/host-mail.ts'
import { hostLinkLasts, newHostLink } from '#activities/server/writes/host-link.ts'
import { mayMove, needsReason, type Mover } from '#activities/states.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import type { PutAway } from '#consent/events.ts'
import { putAway } from '#consent/server/writes/putting-away.ts'
import { textIn, type MessageKey } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Trx } from '#platform/server/db.ts'
import { queueMail, type MailName } from '#platform/server/mail.ts'
import { addJob } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'

export type StateChange = {
  id: string
  to: ActivityState
  mover: Mover
  /** The human reason, in a person's own words; needed when it is not simply listed. */
  reason?: string | null
  /** Done with a mailed link instead of a sign-in. */
  byLink?: boolean
  /** The address of the host who does it, and need not be told. */
  by?: string
  /** Its own host does it to many at once: no mail about each. */
  quiet?: boolean
  /** The reviewer read this revision; nothing is decided about words that were changed meanwhile. */
  revision?: number
}

/** Answers an activity as it stands, locked until the transaction ends; refuses when it is not there. */
export async function lockWhole(trx: Trx, id: string) {
  const row = await trx
    .selectFrom('activities')
    .innerJoin('weeks', 'weeks.year', 'activities.week')
    .selectAll('activities')
    .select('weeks.monday')
    .where('activities.id', '=', id)
    .where('activities.setAside', 'is', null)
    .forUpdate('activities')
    .executeTakeFirst()
  if (!row) throw missing()
  return row
}
export type WholeActivity = Awaited<ReturnType<typeof lockWhole>>

/** The one way an activity's state changes: checks that the step exists and has its reason, and that nobody's worry keeps it as it is, keeps, writes it into the activity's history, the audit log and (what takes it away) the ledger, mails its hosts why, and tells the guests' clock. Doing what is done already does nothing. */
export async function changeState(trx: Trx, viewer: Viewer, change: StateChange, now: Date): Promise<void> {
  const activity = await lockWhole(trx, change.id)
  const { to, mover } = change
  const reason = change.reason ?? null
  if (activity.state === to) return
  if (activity.held !== null) throw new Refusal('conflict', 'refusal.held')
  if (!mayMove(activity.state, to, mover)) throw new Refusal('conflict', 'activities.refusal.step')
  if (change.revision !== undefined && change.revision !== activity.revision) {
    throw new Refusal('conflict', await whyStale(trx, activity.id))
  }
  if (needsReason(to) && !reason) throw new Refusal('invalid', 'input.needed', {}, 'reason')
  await trx
    .updateTable('activities')
    .set({
      state: to,
      reason,
      updated: now,
      revision: activity.revision + 1,
      sequence: activity.sequence + 1,
      ...(to === 'published' && { published: activity.published ?? now }),
      // Only what is on the list as it is called off stays there as cancelled; what was taken down goes back as it was.
      ...(to === 'cancelled' && !['published', 'withdrawn'].includes(activity.state) && { published: null }),
    })
    .where('id', '=', activity.id)
    .execute()
  if (mover === 'reviewer') await markRead(trx, activity.id)
  await trx
    .insertInto('activityChanges')
    .values({
      activity: activity.id,
      at: now,
      account: viewer.account,
      byHost: mover === 'host',
      fromState: activity.state,
      toState: to,
      reason,
    })
    .execute()
  await writeDown(trx, viewer, {
    action: `activity.${to}`,
    subject: `activities:${activity.id}`,
    details: { from: activity.state },
    byLink: change.byLink ?? false,
  })
  const how = awayBy(activity.state, to, mover)
  if (how !== null) await putAway(trx, viewer, { surface: activity.id, how }, now)
  if (!change.quiet) await mailHosts(trx, activity, change, now)
  // What is taken down is hidden, not off: guests are told nothing until a person has looked.
  if (mover === 'reviewer' && (to === 'withdrawn' || activity.state === 'withdrawn')) return
  if (to === 'cancelled' || to === 'withdrawn' || to === 'declined') {
    await addJob(trx, 'activity.cancelled', { activity: activity.id })
  } else if (['cancelled', 'withdrawn', 'declined'].includes(activity.state)) {
    await addJob(trx, 'activity.back', { activity: activity.id })
  }
}

/** How a step takes an activity from where people could see it; null when it does not, or nobody saw it. */
function awayBy(from: ActivityState, to: ActivityState, mover: Mover): PutAway | null {
  if (to === 'withdrawn')
    return mover === 'reviewer' ? 'taken-down' : from === 'unverified' ? null : 'taken-away'
  if (to === 'declined') return 'declined'
  return from === 'published' && (to === 'by-link' || to === 'asked-for-more') ? to : null
}

/** Whose step made what somebody read out of date: its host's, or that of somebody who decides as they do. */
async function whyStale(trx: Trx, activity: string): Promise<MessageKey> {
  const last = await trx
    .selectFrom('activityChanges')
    .select('byHost')
    .where('activity', '=', activity)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.byHost === false ? 'activities.refusal.decided' : 'activities.refusal.changed'
}

/** Marks every edit of an activity as looked at. Idempotent. */
export const markRead = async (trx: Trx, id: string): Promise<void> => {
  await trx
    .updateTable('activityChanges')
    .set({ read: true })
    .where('activity', '=', id)
    .where('read', '=', false)
    .execute()
}

/** Which mail tells a host of a step. */
function mailOf(from: ActivityState, to: ActivityState, mover: Mover): MailName | null {
  if (to === 'waiting') return from === 'unverified' ? 'activity-received' : null
  if (to === 'published') return 'activity-published'
  if (to === 'asked-for-more') return 'activity-asked'
  if (to === 'declined') return 'activity-declined'
  if (to === 'by-link') return 'activity-by-link'
  if (to === 'cancelled') return 'activity-called-off'
  if (to !== 'withdrawn') return null
  return mover === 'host' ? 'activity-withdrawn' : 'activity-declined'
}

/** Says when and where an activity is as anybody may know it, for mails. */
export async function whenWhere(trx: Trx, activity: WholeActivity): Promise<{ when: string; where: string }> {
  const language = activity.language
  const say = { text: textIn(language), language }
  const date = await trx
    .selectFrom('occurrences')
    .select(['startDay', 'endDay', 'startLocal', 'endLocal', 'starts', 'ends'])
    .where('activity', '=', activity.id)
    .orderBy('starts')
    .limit(1)
    .executeTakeFirst()
  return {
    when: sayDate(date ?? null, activity, say),
    where: sayWhere(activity, say),
  }
}

async function mailHosts(trx: Trx, activity: WholeActivity, change: StateChange, now: Date): Promise<void> {
  const name = mailOf(activity.state, change.to, change.mover)
  if (name === null || activity.example) return
  const text = textIn(activity.language)
  const said = await whenWhere(trx, activity)
  const hosts = await hostsOf(trx, activity.id)
  for (const host of hosts.filter(({ email }) => name !== 'activity-called-off' || email !== change.by)) {
    const link = await newHostLink(
      trx,
      { activity: activity.id, email: host.email, lastEnd: activity.lastEnd },
      now,
    )
    await queueMail(trx, {
      key: `activity:${activity.id}:${activity.revision + 1}:${name}:${host.email}`,
      address: host.email,
      name,
      params: {
        ...said,
        title: activity.title,
        reason: change.reason || text('activities.reason.read'),
        link,
        stopLink: link,
        publicLink: `${siteAddress(readConfig())}/activities/${activity.slug}`,
        until: sayDay(
          new Date(activity.lastEnd.getTime() + hostLinkLasts).toISOString().slice(0, 10),
          activity.language,
          true,
        ),
      },
      language: activity.language,
      urgency: 'answer',
      due: now,
    })
  }
}
