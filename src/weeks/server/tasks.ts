import type { Language } from '#kernel/messages.ts'
import { addDays, sayDays } from '#kernel/times.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import type { Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { keyedHash, newToken } from '#platform/server/tokens.ts'
import { wishAddress } from '#weeks/server/writes/wishes.ts'

const batch = 100

/** Mails the date of an announced week to everybody whose confirmed wish waits, a hundred at a time. Runs twice without mailing twice. */
export const tellOfWeek: Task = async (db, payload, now) => {
  const year = Number(payload['year'])
  while ((await tellSome(db, year, now)) > 0);
}

const tellSome = (db: Db, year: number, now: Date): Promise<number> =>
  inTransaction(db, async (trx) => {
    const week = await trx
      .selectFrom('weeks')
      .select(['name', 'monday', 'announcement'])
      .where('year', '=', year)
      .where('state', '=', 'announced')
      .where('example', '=', false)
      .executeTakeFirst()
    if (!week) return 0
    const wishes = await trx
      .selectFrom('announcementWishes')
      .select(['email', 'language'])
      .where('confirmed', 'is not', null)
      .where('toldWeek', 'is', null)
      .orderBy('email')
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const wish of wishes) await tell(trx, wish, { ...week, year }, now)
    return wishes.length
  })

type Announced = { year: number; name: string; monday: string; announcement: string | null }

async function tell(
  trx: Trx,
  wish: { email: string; language: Language },
  week: Announced,
  now: Date,
): Promise<void> {
  // Only the hash of the first word is kept, so the mail that ends the waiting carries a new one.
  const { token, hash } = newToken()
  await trx
    .updateTable('announcementWishes')
    .set({ toldWeek: week.year, token: hash })
    .where('email', '=', wish.email)
    .execute()
  const site = siteAddress(readConfig())
  await queueMail(trx, {
    key: `week-announced:${week.year}:${keyedHash(wish.email)}`,
    address: wish.email,
    name: 'week-announced',
    params: {
      weekName: week.name,
      when: sayDays(week.monday, addDays(week.monday, 6), wish.language),
      announcement: week.announcement ?? '',
      link: `${site}/activities/new`,
      listLink: `${site}/activities`,
      stopLink: wishAddress(token),
    },
    language: wish.language,
    urgency: 'notice',
    due: now,
  })
}
