import { onDuty, reviewersOf } from '#accounts/server/reads/people.ts'
import { restoreActivity, takeDownActivity } from '#activities/server/writes/review.ts'
import { subjectOf, type ConcernInput } from '#desk/concern.ts'
import { mayAnswerConcerns, mayReadRecords } from '#desk/may.ts'
import { concernById } from '#desk/server/reads.ts'
import { hour } from '#kernel/limits.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { localOf, sayDay, sayTime, sayZone } from '#kernel/times.ts'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { tryAgain } from '#platform/server/outbox.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { siteSettings } from '#site/server/reads.ts'
import { hideStory, restoreStory } from '#stories/server/writes/review.ts'

export type Raised = {
  hid: boolean
  door: ConcernInput['door']
  /** The address they left for an answer cannot be read. */
  unread: boolean
}

/** Keeps a concern and tells whoever is on duty. The first door hides what it is about at once, in the same transaction, before any mail; hiding is never slowed. Pressing twice does it once. */
export const raiseConcern = (db: Db, viewer: Viewer, input: ConcernInput, now: Date): Promise<Raised> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'desk.concern', input.formKey, async () => {
      const about = subjectOf(input.about)
      const subject = about ? await subjectId(trx, about) : null
      const hid = input.door === 'take-down' && subject !== null && (await hide(trx, viewer, subject, now))
      const made = await trx
        .insertInto('concerns')
        .values({
          door: input.door,
          subject: subject ? `${subject.room}:${subject.id}` : input.about,
          words: input.words ?? '',
          email: input.email || null,
          country: input.country !== null && /^[A-Z]{2}$/.test(input.country) ? input.country : null,
          hid,
          created: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await writeDown(trx, viewer, {
        action: `concern.${input.door}`,
        subject: subject ? `${subject.room}:${subject.id}` : `concerns:${made.id}`,
        details: { hid },
      })
      await tellDuty(trx, made.id, now)
      if (input.email) await tellSender(trx, { id: made.id, email: input.email, hid }, now)
      return { hid, door: input.door, unread: input.email === '' }
    }),
  )

type Found = { room: 'activities' | 'stories'; id: string }

async function subjectId(trx: Trx, about: { room: Found['room']; slug: string }): Promise<Found | null> {
  const row = await trx.selectFrom(about.room).select('id').where('slug', '=', about.slug).executeTakeFirst()
  return row ? { room: about.room, id: row.id } : null
}

async function hide(trx: Trx, viewer: Viewer, subject: Found, now: Date): Promise<boolean> {
  const input = { id: subject.id, reason: null }
  // Whoever answers concerns has hidden it themselves, and so cannot be the second person who brings it back.
  const hider = mayAnswerConcerns(viewer) ? viewer : theSite
  if (subject.room === 'stories') await hideStory(trx, hider, input, now)
  else await takeDownActivity(trx, hider, input, now)
  return true
}

/** Whoever is on duty hears at once; when many come within an hour, the backup does too; when nobody is planned, everybody who reviews. */
async function tellDuty(trx: Trx, id: string, now: Date): Promise<void> {
  const { duty, backup } = await onDuty(trx, now)
  const lately = await trx
    .selectFrom('concerns')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('created', '>', new Date(now.getTime() - hour))
    .executeTakeFirstOrThrow()
  const planned = lately.count > 5 ? [...duty, ...backup] : duty
  const people = planned.length > 0 ? planned : await reviewersOf(trx)
  const { zone } = await siteSettings(trx)
  const link = `${siteAddress(readConfig())}/desk/concerns/${id}`
  for (const person of people.slice(0, 20)) {
    await queueMail(trx, {
      key: `concern:${id}:${person.email}`,
      address: person.email,
      name: 'concern-duty',
      params: {
        when: sayMoment(now, zone, person.language),
        link,
        stopLink: `${siteAddress(readConfig())}/me`,
      },
      language: person.language,
      urgency: 'answer',
      due: now,
    })
  }
}

const sayMoment = (now: Date, zone: string, language: string): string => {
  const local = localOf(now, zone)
  return `${sayDay(local.slice(0, 10), language)}, ${sayTime(local)} (${sayZone(now, zone, language)})`
}

async function tellSender(
  trx: Trx,
  concern: { id: string; email: string; hid: boolean },
  now: Date,
): Promise<void> {
  const address = siteAddress(readConfig())
  await queueMail(trx, {
    key: `concern-received:${concern.id}`,
    address: concern.email,
    name: 'concern-received',
    params: {
      hidden: concern.hid ? 'yes' : 'other',
      safetyLink: `${address}/safety`,
      link: `${address}/report`,
      stopLink: `${address}/report`,
    },
    urgency: 'answer',
    due: now,
  })
}

/** Ends a concern with what was done about it. Idempotent. */
export async function closeConcern(
  db: Db,
  viewer: Viewer,
  input: { id: string; outcome: string },
  now: Date,
): Promise<void> {
  if (!mayAnswerConcerns(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const closed = await trx
      .updateTable('concerns')
      .set({ state: 'closed', outcome: input.outcome, handledBy: viewer.account, handled: now })
      .where('id', '=', input.id)
      .where('state', '=', 'open')
      .returning('id')
      .executeTakeFirst()
    if (closed) await writeDown(trx, viewer, { action: 'concern.closed', subject: `concerns:${input.id}` })
  })
}

/** Brings back what a concern is about, with a reason that is mailed to whoever made it: only somebody else than whoever hid it. The concern stays as it is. Bringing back what is there already does nothing. */
export async function restoreSubject(
  db: Db,
  viewer: Viewer,
  input: { id: string; reason: string },
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const { about } = await concernById(trx, viewer, input.id)
    if (!about) throw missing()
    if (!about.hidden) return
    const { room, id } = about
    if (room === 'stories') await restoreStory(trx, viewer, { id, reason: input.reason }, now)
    else await restoreActivity(trx, viewer, { id, reason: input.reason }, now)
    await writeDown(trx, viewer, { action: 'concern.brought-back', subject: `concerns:${input.id}` })
  })
}

/** Lets one mail that could not be delivered be tried again, or all of them, and writes it down. Answers how many; pressing twice does it once. */
export async function tryMailsAgain(
  db: Db,
  viewer: Viewer,
  input: { mail: string | null },
  now: Date,
): Promise<number> {
  if (!mayReadRecords(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  return inTransaction(db, async (trx) => {
    const count = await tryAgain(trx, input.mail, now)
    if (count > 0)
      await writeDown(trx, viewer, {
        action: 'mail.again',
        subject: input.mail === null ? 'mails:all' : `mails:${input.mail}`,
        details: { count },
      })
    return count
  })
}
