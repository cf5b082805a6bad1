import { dutyDay, onDuty, organisersOf, reviewersOf } from '#accounts/server/reads/people.ts'
import { eraseLeaving, forgetOldLinks } from '#accounts/server/writes/forget.ts'
import { countWaitingActivities } from '#activities/server/reads/review.ts'
import {
  deleteOldAccessRequests,
  forgetOldGuests,
  removeUnconfirmed,
} from '#activities/server/tasks/retention.ts'
import { removeUnconfirmedActivities } from '#activities/server/tasks/unconfirmed.ts'
import { forgetReplies } from '#comments/server/tasks.ts'
import { countWaitingSince } from '#consent/server/reads/queue.ts'
import { forgetConsentRows } from '#consent/server/tasks.ts'
import type { Kept } from '#desk/kept.ts'
import { removeOldExample } from '#desk/server/example.ts'
import { day } from '#kernel/limits.ts'
import { theSite } from '#kernel/viewer.ts'
import { forgetWriter } from '#letters/server/writes/forget-writer.ts'
import { eraseOldLetters } from '#letters/server/tasks/erase.ts'
import { forgetChoices } from '#letters/server/writes/choice.ts'
import { forgetOrganisationRows } from '#organisations/server/tasks.ts'
import { readConfig } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { forgetOutbox } from '#platform/server/outbox.ts'
import { idIn, type Task } from '#platform/server/queue.ts'
import { forgetPlatformRows } from '#platform/server/retention.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { countWaitingStories } from '#stories/server/reads/review.ts'
import { forgetUnconfirmedStories } from '#stories/server/tasks/retention.ts'
import { forgetOldWishes } from '#weeks/server/writes/wishes.ts'

/** A name that the desk's page has no words for does not compile. */
const named = <Counts extends Record<Kept, number>>(
  counts: Counts & Record<Exclude<keyof Counts, Kept>, never>,
): Record<Kept, number> => counts

/** Forgets after thirty days which concerns came from one place. */
async function forgetSources(db: Db, now: Date): Promise<number> {
  const gone = await db
    .updateTable('concerns')
    .set({ source: null })
    .where('source', 'is not', null)
    .where('created', '<=', new Date(now.getTime() - 30 * day))
    .executeTakeFirst()
  return Number(gone.numUpdatedRows)
}

/** Removes what need not be kept any longer, room by room, and writes down how much it was. Runs twice without harm. */
export const keepRetention: Task = async (db, _payload, now) => {
  const counts = named({
    'access-requests': await deleteOldAccessRequests(db, now),
    'unconfirmed-activities': await removeUnconfirmedActivities(db, now),
    unconfirmed: await removeUnconfirmed(db, now),
    guests: await forgetOldGuests(db, now),
    'sign-in-links': await forgetOldLinks(db, now),
    accounts: await eraseLeaving(db, now, [forgetWriter]),
    wishes: await forgetOldWishes(db, now),
    example: await removeOldExample(db, now),
    letters: await eraseOldLetters(db, now),
    choices: await forgetChoices(db, now),
    ...(await forgetUnconfirmedStories(db, now)),
    ...(await forgetReplies(db, now)),
    ...(await forgetOrganisationRows(db, now)),
    ...(await forgetConsentRows(db, now)),
    ...(await forgetPlatformRows(db, now)),
    'concern-sources': await forgetSources(db, now),
    outbox: await forgetOutbox(readConfig(), now),
  })
  const done = Object.entries(counts).filter(([, count]) => count > 0)
  if (done.length === 0) return
  await db
    .insertInto('retentionRuns')
    .values(done.map(([what, count]) => ({ what, count, at: now })))
    .execute()
}

/** How many things on the desk have waited longer than a moment: what its lists leave out is not counted. */
async function waitingSince(db: Db, moment: Date): Promise<number> {
  const concerns = await db
    .selectFrom('concerns')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
    .where('example', '=', false)
    .where('created', '<', moment)
    .executeTakeFirstOrThrow()
  const replies = await db
    .selectFrom('replies as r')
    .innerJoin('stories as s', 's.id', 'r.story')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('s.held', 'is', null)
    .where('s.setAside', 'is', null)
    .where('r.state', '=', 'waiting')
    .where('r.held', 'is', null)
    .where('r.example', '=', false)
    .where('r.created', '<', moment)
    .executeTakeFirstOrThrow()
  const counts = await Promise.all([
    countWaitingActivities(db, theSite, moment),
    countWaitingStories(db, theSite, moment),
    countWaitingSince(db, moment),
  ])
  return counts.reduce((sum, one) => sum + one, concerns.count + replies.count)
}

/** Tells the backup, once a day, when something has waited more than 24 hours; when none is planned, everybody who reviews. */
export const tellBackup: Task = async (db, _payload, now) => {
  const count = await waitingSince(db, new Date(now.getTime() - day))
  if (count === 0) return
  const today = await dutyDay(db, now)
  const { backup } = await onDuty(db, now)
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

/** Tells the organisers, at most once a day, that mail could not be delivered, or may not have been; which, and why, stands on the desk. A mail that could not tell them tells nobody. */
export const tellOfUndelivered: Task = async (db, payload, now) => {
  const mail = await db
    .selectFrom('mails')
    .select('name')
    .where('id', '=', idIn(payload, 'id'))
    .where('state', 'in', ['failed', 'uncertain'])
    .executeTakeFirst()
  if (!mail || mail.name === 'undelivered') return
  const address = siteAddress(readConfig())
  const today = now.toISOString().slice(0, 10)
  for (const person of (await organisersOf(db)).slice(0, 20)) {
    await queueMail(db, {
      key: `undelivered:${today}:${person.email}`,
      address: person.email,
      name: 'undelivered',
      params: { link: `${address}/desk/outbox`, stopLink: `${address}/me` },
      language: person.language,
      urgency: 'notice',
      due: now,
    })
  }
}
