import { anybody } from '#kernel/viewer.ts'
import { forgetWho, writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { forgetMailsTo } from '#platform/server/mail.ts'

/** Removes sign-in words and sessions whose time is over, and answers how many. Run by the clock. */
export async function forgetOldLinks(db: Db, now: Date): Promise<number> {
  const words = await db.deleteFrom('verifications').where('expires', '<', now).executeTakeFirst()
  const sessions = await db.deleteFrom('sessions').where('expires', '<', now).executeTakeFirst()
  return Number(words.numDeletedRows + sessions.numDeletedRows)
}

/** Erases the accounts whose time to change their mind is over, with their roles, sessions, duties and mails, each on its own; the log keeps what was done without a name. Answers how many. Run by the clock. */
export async function eraseLeaving(db: Db, now: Date): Promise<number> {
  const due = await db
    .selectFrom('accounts')
    .select('id')
    .where('erasing', '<=', now)
    .orderBy('erasing')
    .limit(1000)
    .execute()
  let count = 0
  for (const { id } of due) count += (await erase(db, id, now)) ? 1 : 0
  return count
}

const erase = (db: Db, account: string, now: Date): Promise<boolean> =>
  inTransaction(db, async (trx) => {
    // Whoever changes their mind at this very moment keeps it.
    const gone = await trx
      .deleteFrom('accounts')
      .where('id', '=', account)
      .where('erasing', '<=', now)
      .returning('email')
      .executeTakeFirst()
    if (!gone) return false
    await trx
      .deleteFrom('verifications')
      .where('value', 'like', `%${JSON.stringify(gone.email).replace(/[\\%_]/g, '\\$&')}%`)
      .execute()
    await forgetMailsTo(trx, gone.email)
    await forgetWho(trx, account)
    await writeDown(trx, anybody, { action: 'account.erased', subject: 'accounts:erased' })
    return true
  })
