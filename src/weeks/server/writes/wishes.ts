import { day } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { hashToken, keyedHash, newToken } from '#platform/server/tokens.ts'

/** A wish that nobody confirms is forgotten after so many days. */
export const unconfirmedDays = 7
/** A wish that was answered is forgotten so many days after the announcement. */
const answeredDays = 60

/** Where a mailed wish is looked at, confirmed and stopped. */
export const wishAddress = (token: string): string => `${siteAddress(readConfig())}/tell-me-when/${token}`

type Ask = { email: string; formKey: string; client: string }

/** Mails a link that confirms the wish to be told. Says the same whether the address is known or not; the same form pressed twice mails once. Three in an hour for one address, thirty from one client. */
export async function askToBeTold(db: Db, _viewer: Viewer, input: Ask, now: Date): Promise<void> {
  await countOrRefuse(db, { name: 'tell-me-client', of: input.client, most: 30, minutes: 60 }, now)
  await countOrRefuse(db, { name: 'tell-me', of: input.email, most: 3, minutes: 60 }, now)
  await inTransaction(db, (trx) =>
    onceOnly(trx, `tell-me ${keyedHash(input.email)}`, input.formKey, () => wish(trx, input.email, now)),
  )
}

async function wish(trx: Trx, email: string, now: Date): Promise<void> {
  const { token, hash } = newToken()
  await trx
    .insertInto('announcementWishes')
    .values({ email, token: hash, asked: now })
    .onConflict((conflict) => conflict.column('email').doUpdateSet({ token: hash, asked: now }))
    .execute()
  const link = wishAddress(token)
  await queueMail(trx, {
    key: `tell-me:${hash.toString('hex')}`,
    address: email,
    name: 'tell-me-confirm',
    params: { link, days: unconfirmedDays, stopLink: link },
    urgency: 'answer',
    due: now,
  })
}

/** Confirms a wish with its mailed word; pressing again does no harm. Whoever was told before is told of the next one. */
export async function confirmWish(
  db: Db,
  _viewer: Viewer,
  input: { token: string },
  now: Date,
): Promise<void> {
  const done = await db
    .updateTable('announcementWishes')
    .set((row) => ({ confirmed: row.fn.coalesce('confirmed', row.val(now)), toldWeek: null }))
    .where('token', '=', hashToken(input.token))
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new Refusal('missing', 'refusal.link')
}

/** Forgets a wish and its address; pressing again does no harm, and nobody learns whether it was there. */
export async function stopTelling(
  db: Db,
  _viewer: Viewer,
  input: { token: string },
  _now: Date,
): Promise<void> {
  await db.deleteFrom('announcementWishes').where('token', '=', hashToken(input.token)).execute()
}

/** Forgets wishes that nobody confirmed for a week and those that were answered two months ago; answers how many. Run by the clock. */
export async function forgetOldWishes(db: Db, now: Date): Promise<number> {
  const unconfirmed = await db
    .deleteFrom('announcementWishes')
    .where('confirmed', 'is', null)
    .where('asked', '<', new Date(now.getTime() - unconfirmedDays * day))
    .executeTakeFirst()
  const answered = await db
    .deleteFrom('announcementWishes')
    .where('toldWeek', 'in', (weeks) =>
      weeks
        .selectFrom('weeks')
        .select('year')
        .where('announced', '<', new Date(now.getTime() - answeredDays * day)),
    )
    .executeTakeFirst()
  return Number(unconfirmed.numDeletedRows + answered.numDeletedRows)
}
