import * as v from 'valibot'
import { coming } from '#activities/rsvp.ts'
import { guestWord } from '#activities/server/reads/rsvp.ts'
import { comeTo } from '#activities/server/writes/come.ts'
import { confirmSeat } from '#activities/server/writes/confirm-seat.ts'
import { anybody } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { deliverMail } from '#platform/server/deliver-mail.ts'
import type { Letter } from '#platform/server/postbox.ts'
import { makeActivity, type ActivityOver } from './make.ts'

/** When the guests of a test say that they come, unless told otherwise. */
export const early = new Date('2027-10-01T12:00:00Z')

/** Answers the word of the newest link of an address. */
export const wordOf = async (db: Db, email: string): Promise<string> =>
  guestWord(
    (
      await db
        .selectFrom('rsvps')
        .select('id')
        .where('email', '=', email)
        .orderBy('created', 'desc')
        .executeTakeFirstOrThrow()
    ).id,
  )

/** Somebody says that they come and confirms; answers the word of their link. */
export async function joinAs(
  db: Db,
  slug: string,
  email: string,
  { when = early, ...typed }: { when?: Date } & Record<string, unknown> = {},
): Promise<string> {
  await comeTo(db, anybody, v.parse(coming, { slug, email, ...typed }), when)
  const token = await wordOf(db, email)
  await confirmSeat(db, anybody, { token }, when)
  return token
}

/** An activity with a host and one guest who is going; the mails so far are put aside. */
export async function withGuest(db: Db, over: ActivityOver = {}, email = 'ann@people.org') {
  const made = await makeActivity(db, { hostEmail: 'host@people.org', ...over })
  await joinAs(db, made.slug, email)
  await db.deleteFrom('mails').execute()
  return made
}

/** Answers the mails that were queued, as "name → address". */
export const queued = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('mails').select(['name', 'address']).orderBy('name').orderBy('address').execute()).map(
    (mail) => `${mail.name} → ${mail.address}`,
  )

/** Delivers what waits and answers the letters that went out. */
export async function deliverAll(db: Db, now: Date): Promise<Letter[]> {
  const sent: Letter[] = []
  const deliver = deliverMail(
    async (letter) => void sent.push(letter),
    async () => 'A Bit Extra',
  )
  const waiting = await db.selectFrom('mails').select('id').where('state', '=', 'waiting').execute()
  for (const mail of waiting) await deliver(db, { id: mail.id }, now)
  return sent
}
