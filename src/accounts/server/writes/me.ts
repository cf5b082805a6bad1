import { missing, Refusal } from '#kernel/refusal.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import { forgetWho, writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { forgetMailsTo } from '#platform/server/mail.ts'
import { mayOwn } from '#accounts/may.ts'
import { lockOrganisers } from '#accounts/server/writes/roles.ts'

/** Keeps the viewer's own name and language. */
export async function saveMe(
  db: Db,
  viewer: Viewer,
  input: { name: string | null; language: string },
  now: Date,
): Promise<void> {
  const account = ownOf(viewer)
  await db
    .updateTable('accounts')
    .set({ name: input.name ?? '', language: input.language, updated: now })
    .where('id', '=', account)
    .execute()
}

/** Erases the viewer's account with its roles, sessions, duties and mails, at once and for good; the log keeps what was done without a name. The last organiser has to find another first. */
export async function eraseMe(db: Db, viewer: Viewer, _input: { sure: string }, _now: Date): Promise<void> {
  const account = ownOf(viewer)
  await inTransaction(db, async (trx) => {
    const organisers = await lockOrganisers(trx)
    if (organisers.length > 0 && organisers.every((role) => role.account === account))
      throw new Refusal('conflict', 'accounts.me.last-organiser')
    const gone = await trx
      .deleteFrom('accounts')
      .where('id', '=', account)
      .returning('email')
      .executeTakeFirst()
    if (!gone) throw missing()
    await trx
      .deleteFrom('verifications')
      .where('value', 'like', `%${JSON.stringify(gone.email).replace(/[\\%_]/g, '\\$&')}%`)
      .execute()
    await forgetMailsTo(trx, gone.email)
    await forgetWho(trx, account)
    await writeDown(trx, anybody, { action: 'account.erased', subject: 'accounts:erased' })
  })
}

const ownOf = (viewer: Viewer): string => {
  if (viewer.account === null || !mayOwn(viewer, viewer.account))
    throw new Refusal('forbidden', 'refusal.forbidden')
  return viewer.account
}

/** Removes the invented accounts of the example for good. Idempotent. */
export const removeExampleAccounts = async (trx: Trx): Promise<void> => {
  await trx.deleteFrom('accounts').where('example', '=', true).execute()
}
