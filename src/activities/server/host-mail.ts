import { endOf, type Activity, type Guest, type Occurrence } from '#activities/server/reads/rsvp.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { sayDate } from '#activities/when.ts'
import { sayWhere } from '#activities/where.ts'
import { day } from '#kernel/limits.ts'
import { textIn, type MessageParams } from '#kernel/messages.ts'
import type { Day } from '#kernel/times.ts'
import type { Trx } from '#platform/server/db.ts'
import { isQueued, queueMail, type NewMail } from '#platform/server/mail.ts'

/** Answers the confirmed addresses that answer for an activity; whoever said it first. */
export const hostsOf = (trx: Trx, activity: string): Promise<{ email: string; part: string }[]> =>
  trx
    .selectFrom('hosts')
    .select(['email', 'part'])
    .where('activity', '=', activity)
    .where('confirmed', 'is not', null)
    .orderBy('created')
    .execute()

type Notice = {
  hosts: readonly { email: string }[]
  keyOf: (email: string) => string
  mail: Pick<NewMail, 'name' | 'useless'> & Partial<Pick<NewMail, 'urgency'>>
  /** What stands in it, given the host's own fresh link. */
  params: (link: string) => MessageParams
}

/** Queues a notice to each of some hosts of an activity, each with a fresh link of their own. Idempotent by key. */
async function noticeTo(
  trx: Trx,
  activity: Pick<Activity, 'id' | 'lastEnd' | 'language'>,
  { hosts, keyOf, mail, params }: Notice,
  now: Date,
): Promise<void> {
  const { id, lastEnd, language } = activity
  for (const { email } of hosts) {
    const key = keyOf(email)
    if (await isQueued(trx, key)) continue
    const link = await newHostLink(trx, { activity: id, email, lastEnd }, now)
    const words = { ...params(link), stopLink: link }
    await queueMail(trx, {
      urgency: 'notice',
      ...mail,
      key,
      address: email,
      language,
      due: now,
      params: words,
    })
  }
}

/** Queues a notice to every host that somebody would like to come and waits for a yes. Never about the example. Idempotent by key. */
export async function mailHostsOfAsking(trx: Trx, guest: Guest, now: Date): Promise<void> {
  const { rsvp, activity, occurrence, monday } = guest
  if (activity.example || rsvp.example) return
  const { language, title, zone } = activity
  const text = textIn(language)
  const notice: Notice = {
    hosts: await hostsOf(trx, activity.id),
    keyOf: (email) => `rsvp-asked-host:${rsvp.id}:${rsvp.revision}:${email}`,
    mail: { name: 'rsvp-asked-host', useless: endOf(activity, occurrence) },
    params: (link) => ({
      guestName: rsvp.name || text('come.guest.no-name'),
      title,
      when: sayDate(occurrence, { zone, monday }, { text, language }),
      link: `${link}/guests`,
    }),
  }
  await noticeTo(trx, activity, notice, now)
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
  const notice: Notice = {
    hosts: hosts.filter(({ part, email }) => part !== 'co-host' && email !== joined.email),
    keyOf: (email) => `cohost-joined:${activity.id}:${joined.email}:${email}`,
    mail: { name: 'cohost-joined', useless: activity.lastEnd },
    params: (link) => ({
      title: activity.title,
      who: joined.name === '' ? joined.email : `${joined.name}, ${joined.email}`,
      link: `${link}/co-host`,
    }),
  }
  await noticeTo(trx, activity, notice, now)
}

/** Queues a notice to everybody who hosts an activity, but for whoever did it, that one date of it is called off; less than two days before at once, since a notice may wait for a day. Never about the example. Idempotent by the date. */
export async function mailHostsOfDateOff(
  trx: Trx,
  activity: Activity & { monday: Day },
  { date, by }: { date: Occurrence; by: string },
  now: Date,
): Promise<void> {
  if (activity.example || activity.held !== null) return
  const { language, title } = activity
  const say = { text: textIn(language), language }
  const soon = date.starts.getTime() - now.getTime() < 2 * day
  const notice: Notice = {
    hosts: (await hostsOf(trx, activity.id)).filter(({ email }) => email !== by),
    keyOf: (email) => `date-off-host:${date.id}:${date.startDay}:${email}`,
    mail: { name: 'date-called-off', useless: date.ends, urgency: soon ? 'answer' : 'notice' },
    params: (link) => ({
      title,
      when: sayDate(date, activity, say),
      where: sayWhere(activity, say),
      link: `${link}/dates`,
    }),
  }
  await noticeTo(trx, activity, notice, now)
}

/** Queues the one mail that asks the host how it was, with a fresh link to tell it. Idempotent by key. */
export async function mailHostForReport(
  trx: Trx,
  activity: Activity,
  { key, useless, now }: { key: string; useless: Date; now: Date },
): Promise<void> {
  if (activity.example) return
  const host = (await hostsOf(trx, activity.id)).find((one) => one.part === 'host')
  if (!host || (await isQueued(trx, key))) return
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
