import { anybody } from '#kernel/viewer.ts'
import { forgetWho, writeDown } from '#platform/server/audit.ts'
import { readConfig, type Config } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { forgetMailsTo } from '#platform/server/mail.ts'

/** Removes sign-in words and sessions whose time is over, and answers how many. Run by the clock. */
export async function forgetOldLinks(db: Db, now: Date): Promise<number> {
  const words = await db.deleteFrom('verifications').where('expires', '<', now).executeTakeFirst()
  const sessions = await db.deleteFrom('sessions').where('expires', '<', now).executeTakeFirst()
  return Number(words.numDeletedRows + sessions.numDeletedRows)
}

/** What another room forgets of an address with its account; answers a step for after the commit. */
export type Forget = (trx: Trx, email: string, now: Date) => Promise<(config: Config) => Promise<void>>

/** Erases the accounts whose time to change their mind is over, with their roles, sessions, duties and mails, and what the other rooms forget with them, each on its own; the log keeps what was done without a name. Answers how many. Run by the clock. */
export async function eraseLeaving(db: Db, now: Date, forget: readonly Forget[]): Promise<number> {
  const due = await db
    .selectFrom('accounts')
    .select('id')
    .where('erasing', '<=', now)
    .orderBy('erasing')
    .limit(1000)
    .execute()
  let count = 0
  for (const { id } of due) {
    const after = await inTransaction(db, (trx) => erase(trx, id, { now, forget }))
    for (const step of after ?? []) await step(readConfig())
    count += after === null ? 0 : 1
  }
  return count
}

async function erase(
  trx: Trx,
  account: string,
  { now, forget }: { now: Date; forget: readonly Forget[] },
): Promise<((config: Config) => Promise<void>)[] | null> {
  // Whoever changes their mind at this very moment keeps it.
  const gone = await trx
    .deleteFrom('accounts')
    .where('id', '=', account)
    .where('erasing', '<=', now)
    .returning('email')
    .executeTakeFirst()
  if (!gone) return null
  const after: ((config: Config) => Promise<void>)[] = []
  for (const one of forget) after.push(await one(trx, gone.email, now))
  await trx
    .deleteFrom('verifications')
    .where('value', 'like', `%${JSON.stringify(gone.email).replace(/[\\%_]/g, '\\$&')}%`)
    .execute()
  await forgetMailsTo(trx, gone.email)
  await forgetWho(trx, account)
  await writeDown(trx, anybody, { action: 'account.erased', subject: 'accounts:erased' })
  return after
}
