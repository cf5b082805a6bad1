import { onDuty, reviewersOf } from '#accounts/server/reads/people.ts'
import { forgetOldLinks } from '#accounts/server/writes/forget.ts'
import {
  deleteOldAccessRequests,
  forgetOldGuests,
  removeUnconfirmed,
} from '#activities/server/tasks/retention.ts'
import { removeUnconfirmedActivities } from '#activities/server/tasks/unconfirmed.ts'
import { forgetConsentRows } from '#consent/server/tasks.ts'
import { day } from '#kernel/limits.ts'
import { forgetOrganisationRows } from '#organisations/server/tasks.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { forgetOutbox } from '#platform/server/outbox.ts'
import type { Task } from '#platform/server/queue.ts'
import { forgetPlatformRows } from '#platform/server/retention.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { forgetUnconfirmedStories } from '#stories/server/tasks.ts'
import { forgetOldWishes } from '#weeks/server/writes/wishes.ts'

/** Removes what need not be kept any longer, room by room, and writes down how much it was. Runs twice without harm. */
export const keepRetention: Task = async (db, _payload, now) => {
  const counts: Record<string, number> = {
    'access-requests': await deleteOldAccessRequests(db, now),
    'unconfirmed-activities': await removeUnconfirmedActivities(db, now),
    unconfirmed: await removeUnconfirmed(db, now),
    guests: await forgetOldGuests(db, now),
    'sign-in-links': await forgetOldLinks(db, now),
    wishes: await forgetOldWishes(db, now),
    ...(await forgetUnconfirmedStories(db, now)),
    ...(await forgetOrganisationRows(db, now)),
    ...(await forgetConsentRows(db, now)),
    ...(await forgetPlatformRows(db, now)),
    outbox: await forgetOutbox(readConfig(), now),
  }
  const done = Object.entries(counts).filter(([, count]) => count > 0)
  if (done.length === 0) return
  await db
    .insertInto('retentionRuns')
    .values(done.map(([what, count]) => ({ what, count, at: now })))
    .execute()
}

/** How many things have waited longer than a moment. */
async function waitingSince(db: Db, moment: Date): Promise<number> {
  const count = async (table: 'activities' | 'stories'): Promise<number> => {
    const row = await db
      .selectFrom(table)
      .select((on) => on.fn.countAll<number>().as('count'))
      .where('state', '=', 'waiting')
      .where('example', '=', false)
      .where('updated', '<', moment)
      .executeTakeFirstOrThrow()
    return row.count
  }
  const concerns = await db
    .selectFrom('concerns')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
    .where('example', '=', false)
    .where('created', '<', moment)
    .executeTakeFirstOrThrow()
  return (await count('activities')) + (await count('stories')) + concerns.count
}

/** Tells the backup, once a day, when something has waited more than 24 hours; when none is planned, everybody who reviews. */
export const tellBackup: Task = async (db, _payload, now) => {
  const count = await waitingSince(db, new Date(now.getTime() - day))
  if (count === 0) return
  const today = now.toISOString().slice(0, 10)
  const { backup } = await onDuty(db, today)
  const people = backup.length > 0 ? backup : await reviewersOf(db)
  const address = siteAddress(readConfig())
  for (const person of people.slice(0, 20)) {
    await queueMail(db, {
      key: `backup:${today}:${person.email}`,
      address: person.email,
      name: 'backup',
      params: { count, link: `${address}/desk`, stopLink: `${address}/me` },
      language: person.language,
      urgency: 'notice',
      due: now,
    })
  }
}
