import { onDuty, reviewersOf } from '#accounts/server/reads/people.ts'
import type { Person } from '#accounts/account.ts'
import { takeDownActivity } from '#activities/server/writes/review.ts'
import { hideReply } from '#comments/server/writes/review.ts'
import { holdAtOnce, holdDays } from '#consent/server/writes/holds.ts'
import { openSurface } from '#consent/server/writes/taking-down.ts'
import {
  hides,
  pictureOf,
  subjectOf,
  type ConcernInput,
  type Door,
  type Subject,
  type Thing,
} from '#desk/concern.ts'
import { mayAnswerConcerns } from '#desk/may.ts'
import { day, hour } from '#kernel/limits.ts'
import { localOf, sayDay, sayTime, sayZone } from '#kernel/times.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash } from '#platform/server/tokens.ts'
import { siteSettings } from '#site/server/reads.ts'
import { hideStory } from '#stories/server/writes/review.ts'

export type Raised = {
  door: Door
  /** The address at which nothing can be seen any more. It says nothing of whether anything was there. */
  gone: string | null
  /** The address they left for an answer cannot be read. */
  unread: boolean
}

/** Keeps a concern and tells whoever is on duty. Two of the doors hide what it is about at once, in the same transaction, before any mail; hiding is never slowed. What somebody is worried about is also kept as it is until the concern is closed, and whoever made it is not written to. Pressing twice does it once. */
export const raiseConcern = (
  db: Db,
  viewer: Viewer,
  input: ConcernInput & { client?: string },
  now: Date,
): Promise<Raised> =>
  inTransaction(db, (trx) =>
    onceOnly(trx, 'desk.concern', input.formKey, async () => {
      const { door } = input
      const about = subjectOf(input.about)
      const picture = about ? null : pictureOf(input.about)
      const subject = about ? await subjectId(trx, about) : await storyWith(trx, picture)
      const hid = hides(door) && subject !== null
      if (hid) await hide(trx, viewer, { ...subject, hold: door === 'worried' }, now)
      const source = input.client === undefined ? null : keyedHash(`concern:${input.client}`)
      const named = subject ? `${subject.room}:${subject.id}` : null
      const made = await trx
        .insertInto('concerns')
        .values({
          door,
          subject: named ?? input.about,
          words: input.words ?? '',
          email: input.email || null,
          country: input.country !== null && /^[A-Z]{2}$/.test(input.country) ? input.country : null,
          hid,
          source,
          created: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (hid && door === 'worried') await hold(trx, viewer, { surface: subject.id, concern: made.id }, now)
      // Nobody has to say who they are: only a press by whoever answers concerns carries a name.
      await writeDown(trx, mayAnswerConcerns(viewer) ? viewer : anybody, {
        action: `concern.${door}`,
        subject: door === 'worried' ? `concerns:${made.id}` : (named ?? `concerns:${made.id}`),
        details: { hid },
      })
      await tellDuty(trx, { id: made.id, door, source }, now)
      const address = about ? `/${about.room}/${about.slug}` : picture && `/media/${picture}`
      const gone = hides(door) ? address : null
      if (input.email) await tellSender(trx, { id: made.id, email: input.email, gone }, now)
      return { door, gone, unread: input.email === '' }
    }),
  )

async function subjectId(trx: Trx, about: Subject): Promise<Thing | null> {
  if (about.room === 'replies') return replySubject(trx, about.slug)
  const row = await trx
    .selectFrom(about.room)
    .select('id')
    .where('slug', '=', about.slug)
    .where('setAside', 'is', null)
    .executeTakeFirst()
  return row ? { room: about.room, id: row.id } : null
}

async function replySubject(trx: Trx, id: string): Promise<Thing | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null
  const row = await trx.selectFrom('replies').select('id').where('id', '=', id).executeTakeFirst()
  return row ? { room: 'replies', id: row.id } : null
}

/** The story that a picture is on. */
async function storyWith(trx: Trx, picture: string | null): Promise<Thing | null> {
  if (picture === null) return null
  const row = await trx
    .selectFrom('versions as v')
    .innerJoin('stories as s', 's.id', 'v.surface')
    .select('s.id')
    .where('v.id', '=', picture)
    .where('s.setAside', 'is', null)
    .executeTakeFirst()
  return row ? { room: 'stories', id: row.id } : null
}

/** Keeps what somebody is worried about from all, and names whoever is on duty, and the backup, or two who review, as those who may open it. */
async function hold(
  trx: Trx,
  viewer: Viewer,
  { surface, concern }: { surface: string; concern: string },
  now: Date,
): Promise<void> {
  const { duty, backup } = await onDuty(trx, now)
  const people = [...duty, ...backup, ...(await reviewersOf(trx))].map(({ account }) => account)
  const openers = [...new Set(people)].slice(0, 2)
  const until = new Date(now.getTime() + holdDays * day)
  const hider = mayAnswerConcerns(viewer) ? viewer : theSite
  await holdAtOnce(trx, hider, { surface, concern, openers, until }, now)
  // What it hid comes back where it is looked after, never among the photographs.
  await openSurface(trx, surface, false)
}

async function hide(trx: Trx, viewer: Viewer, subject: Thing & { hold: boolean }, now: Date): Promise<void> {
  const input = { id: subject.id, reason: null, hold: subject.hold }
  // Whoever answers concerns has hidden it themselves, and so cannot be the second person who brings it back.
  const hider = mayAnswerConcerns(viewer) ? viewer : theSite
  if (subject.room === 'stories') await hideStory(trx, hider, input, now)
  else if (subject.room === 'replies') await hideReply(trx, hider, input, now)
  else await takeDownActivity(trx, hider, input, now)
}

/** From how many concerns of one place within an hour two people hear of it, and how many of them are still mailed one by one. */
export const many = 4
const mailed: Record<Door, number> = { worried: 20, 'take-down': many - 1, wrong: many - 1 }

type New = { id: string; door: Door; source: string | null }

async function countSince(trx: Trx, since: Date, source?: string | null): Promise<number> {
  const row = await trx
    .selectFrom('concerns')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('created', '>', since)
    .$if(source !== undefined, (query) => query.where('source', 'is not distinct from', source ?? null))
    .executeTakeFirstOrThrow()
  return row.count
}

/** Whoever is on duty hears at once; when many come within an hour, the backup does too; when nobody is planned, everybody who reviews. Many from one place are told to two people at least, once an hour, instead of one by one. */
async function tellDuty(trx: Trx, concern: New, now: Date): Promise<void> {
  const { duty, backup } = await onDuty(trx, now)
  const since = new Date(now.getTime() - hour)
  const alike = await countSince(trx, since, concern.source)
  const planned = (await countSince(trx, since)) > 5 ? [...duty, ...backup] : duty
  const people = planned.length > 0 ? planned : await reviewersOf(trx)
  const called = people.map((person) => ({
    ...person,
    as: planned.length === 0 ? 'nobody' : duty.includes(person) ? 'duty' : 'backup',
  }))
  if (alike <= mailed[concern.door]) await mailEach(trx, called, concern, now)
  if (alike < many) return
  const both = [...duty, ...backup.filter((one) => duty.every((other) => other.account !== one.account))]
  await mailMany(trx, both.length > 1 ? both : await reviewersOf(trx), { ...concern, count: alike }, now)
}

/** Somebody who hears of a concern, and why it is them: on duty, the backup, or because nobody is planned. */
type Called = Person & { as: string }

async function mailEach(trx: Trx, people: readonly Called[], { id }: New, now: Date): Promise<void> {
  const { zone } = await siteSettings(trx)
  const address = siteAddress(readConfig())
  for (const person of people.slice(0, 20)) {
    const when = sayMoment(now, zone, person.language)
    await queueMail(trx, {
      key: `concern:${id}:${person.email}`,
      address: person.email,
      name: 'concern-duty',
      params: { when, as: person.as, link: `${address}/desk/concerns/${id}`, stopLink: `${address}/me` },
      language: person.language,
      urgency: 'answer',
      due: now,
    })
  }
}

async function mailMany(
  trx: Trx,
  people: readonly Person[],
  { source, count }: New & { count: number },
  now: Date,
): Promise<void> {
  const address = siteAddress(readConfig())
  const slot = Math.floor(now.getTime() / hour)
  for (const person of people.slice(0, 20)) {
    await queueMail(trx, {
      key: `concern-many:${source ?? ''}:${slot}:${person.email}`,
      address: person.email,
      name: 'concern-many',
      params: { count, link: `${address}/desk/concerns`, stopLink: `${address}/me` },
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
  concern: { id: string; email: string; gone: string | null },
  now: Date,
): Promise<void> {
  const address = siteAddress(readConfig())
  await queueMail(trx, {
    key: `concern-received:${concern.id}`,
    address: concern.email,
    name: 'concern-received',
    params: {
      hidden: concern.gone === null ? 'other' : 'yes',
      safetyLink: `${address}/safety`,
      link: `${address}/report`,
      stopLink: `${address}/report`,
    },
    urgency: 'answer',
    due: now,
  })
}
