import { sql } from 'kysely'
import { day } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Channel } from '#letters/delivery.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import type { RequestState } from '#letters/reply.ts'
import { officeName, officeRef } from '#letters/server/reads/desk.ts'
import type { Db } from '#platform/server/db.ts'

export type LeaveAloneRequest = {
  id: string
  office: string | null
  ref: string | null
  /** An office of the directory with the same e-mail as one that somebody typed by hand. */
  same: string | null
  /** How the letter went, as far as anybody says; null: that it left nobody has said. */
  way: Channel | null
  state: RequestState
  /** When it was asked, or decided. */
  since: Date
}

const same = sql<string | null>`case
  when d.post is null and d.person is null and d.organisation is null and d.email is not null then (
    select concat_ws(', ', person.name, post.label, organisation.name) from directory_contacts contact
      left join directory_people person on person.id = contact.person
      left join directory_posts post on post.id = contact.post
      left join directory_organisations organisation on organisation.id = coalesce(contact.organisation, post.organisation)
    where contact.type = 'email' and lower(contact.value) = d.email
      and contact.state not in ('replaced', 'withdrawn')
    order by contact.id limit 1)
  end`

/** Answers which offices ask not to be written to where a person has to tell whether it was the office: those that wait, the oldest first, and those decided in the last 90 days, the newest first; at most 100 of each. Looks like nothing is there to whoever does not look after letters. */
export async function leaveAloneRequests(
  db: Db,
  viewer: Viewer,
  now: Date,
): Promise<{ waiting: LeaveAloneRequest[]; decided: LeaveAloneRequest[] }> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  const requests = db
    .selectFrom('doNotWriteRequests as q')
    .leftJoin('deliveries as d', 'd.id', 'q.delivery')
    .select(['q.id', 'q.state', 'q.created', 'q.decided', 'd.channel', 'd.leftUs'])
    .select([officeName.as('office'), officeRef.as('ref'), same.as('same')])
    .limit(100)
  const [waiting, decided] = await Promise.all([
    requests.where('q.state', '=', 'waiting').orderBy('q.created').execute(),
    requests
      .where('q.state', '<>', 'waiting')
      .where('q.decided', '>', new Date(now.getTime() - 90 * day))
      .orderBy('q.decided', 'desc')
      .execute(),
  ])
  const shown = ({ channel, leftUs, created, decided: at, ...one }: (typeof waiting)[number]) => ({
    ...one,
    way: leftUs === null ? null : channel,
    since: at ?? created,
  })
  return { waiting: waiting.map(shown), decided: decided.map(shown) }
}

/** Answers how many offices ask not to be written to and wait for a person; none to whoever does not look after letters. */
export async function leaveAloneCount(db: Db, viewer: Viewer): Promise<number> {
  if (!mayLookAfterLetters(viewer)) return 0
  const row = await db
    .selectFrom('doNotWriteRequests')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  return row.count
}
