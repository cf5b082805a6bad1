import { endOf, type Activity, type Guest } from '#activities/server/reads/rsvp.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { sayDate } from '#activities/when.ts'
import { textIn } from '#kernel/messages.ts'
import type { Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'

/** Answers the confirmed addresses that answer for an activity; whoever said it first. */
export const hostsOf = (trx: Trx, activity: string): Promise<{ email: string; part: string }[]> =>
  trx
    .selectFrom('hosts')
    .select(['email', 'part'])
    .where('activity', '=', activity)
    .where('confirmed', 'is not', null)
    .orderBy('created')
    .execute()

/** Whether a mail with this key was queued before, so that no link is made for nothing. */
const queued = async (trx: Trx, key: string): Promise<boolean> =>
  (await trx.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirst()) !== undefined

/** Queues a notice to every host that somebody would like to come and waits for a yes. Never about the example. Idempotent by key. */
export async function mailHostsOfAsking(trx: Trx, guest: Guest, now: Date): Promise<void> {
  const { rsvp, activity, occurrence, monday } = guest
  if (activity.example || rsvp.example) return
  const language = activity.language
  const text = textIn(language)
  for (const host of await hostsOf(trx, activity.id)) {
    const key = `rsvp-asked-host:${rsvp.id}:${rsvp.revision}:${host.email}`
    if (await queued(trx, key)) continue
    const link = await newHostLink(
      trx,
      { activity: activity.id, email: host.email, lastEnd: activity.lastEnd },
      now,
    )
    await queueMail(trx, {
      key,
      address: host.email,
      name: 'rsvp-asked-host',
      language,
      urgency: 'notice',
      due: now,
      useless: endOf(activity, occurrence),
      params: {
        guestName: rsvp.name || text('come.guest.no-name'),
        title: activity.title,
        when: sayDate(occurrence, { zone: activity.zone, monday }, { text, language }),
        link: `${link}/guests`,
        stopLink: link,
      },
    })
  }
}

/** Queues a notice to whoever said an activity that somebody hosts it with them now. Never about the example. Idempotent by key. */
export async function mailHostsOfCoHost(
  trx: Trx,
  activity: Pick<Activity, 'id' | 'title' | 'lastEnd' | 'language' | 'example' | 'held'>,
  joined: { email: string; name: string },
  now: Date,
): Promise<void> {
  if (activity.example || activity.held !== null) return
  const hosts = await hostsOf(trx, activity.id)
  for (const host of hosts.filter(({ part, email }) => part !== 'co-host' && email !== joined.email)) {
    const key = `cohost-joined:${activity.id}:${joined.email}:${host.email}`
    if (await queued(trx, key)) continue
    const link = await newHostLink(
      trx,
      { activity: activity.id, email: host.email, lastEnd: activity.lastEnd },
      now,
    )
    await queueMail(trx, {
      key,
      address: host.email,
      name: 'cohost-joined',
      language: activity.language,
      urgency: 'notice',
      due: now,
      useless: activity.lastEnd,
      params: {
        title: activity.title,
        who: joined.name === '' ? joined.email : `${joined.name}, ${joined.email}`,
        link: `${link}/co-host`,
        stopLink: link,
      },
    })
  }
}

/** Queues the one mail that asks the host how it was, with a fresh link to tell it. Idempotent by key. */
export async function mailHostForReport(
  trx: Trx,
  activity: Activity,
  { key, useless, now }: { key: string; useless: Date; now: Date },
): Promise<void> {
  if (activity.example) return
  const host = (await hostsOf(trx, activity.id)).find((one) => one.part === 'host')
  if (!host || (await queued(trx, key))) return
  const link = await newHostLink(
    trx,
    { activity: activity.id, email: host.email, lastEnd: activity.lastEnd },
    now,
  )
  await queueMail(trx, {
    key,
    address: host.email,
    name: 'report',
    language: activity.language,
    urgency: 'notice',
    due: now,
    useless,
    params: { title: activity.title, link: `${link}/report`, stopLink: link },
  })
}
