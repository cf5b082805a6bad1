import { day } from '#kernel/limits.ts'
import type { Language } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { leavingDays } from '#accounts/account.ts'
import { writeDown } from '#platform/server/audit.ts'
import { readConfig } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { queueMail } from '#platform/server/mail.ts'
import { siteAddress } from '#platform/server/site-address.ts'
import { mayOwn } from '#accounts/may.ts'
import { lockOrganisers } from '#accounts/server/writes/roles.ts'

/** Keeps the viewer's own name and language. */
export async function saveMe(
  db: Db,
  viewer: Viewer,
  input: { name: string | null; language: Language },
  now: Date,
): Promise<void> {
  const account = ownOf(viewer)
  await db
    .updateTable('accounts')
    .set({ name: input.name ?? '', language: input.language, updated: now })
    .where('id', '=', account)
    .execute()
}

/** Lets the viewer's account go: their roles end at once, nobody meets them at the desk any more, and after `leavingDays` it is erased; a mail says until when they can bring it back. The last organiser has to find another first. Pressing again changes nothing. */
export async function eraseMe(db: Db, viewer: Viewer, _input: unknown, now: Date): Promise<void> {
  const account = ownOf(viewer)
  await inTransaction(db, async (trx) => {
    const organisers = await lockOrganisers(trx)
    if (organisers.length > 0 && organisers.every((role) => role.account === account))
      throw new Refusal('conflict', 'accounts.me.last-organiser')
    const erasing = new Date(now.getTime() + leavingDays * day)
    const leaving = await trx
      .updateTable('accounts')
      .set({ erasing })
      .where('id', '=', account)
      .where('erasing', 'is', null)
      .returning(['email', 'language'])
      .executeTakeFirst()
    if (!leaving) return
    await writeDown(trx, viewer, { action: 'account.leaving', subject: `accounts:${account}` })
    const site = siteAddress(readConfig())
    await queueMail(trx, {
      key: `account-leaving:${account}:${now.getTime()}`,
      address: leaving.email,
      name: 'account-leaving',
      params: {
        until: sayDay(erasing.toISOString().slice(0, 10), leaving.language, true),
        link: `${site}/sign-in?next=/me`,
        stopLink: `${site}/report`,
      },
      language: leaving.language,
      urgency: 'answer',
      due: now,
    })
  })
}

/** Keeps the viewer's account after all, with the roles it had; pressing again does no harm. */
export async function keepMe(db: Db, viewer: Viewer, _input: unknown, now: Date): Promise<void> {
  const account = ownOf(viewer)
  await inTransaction(db, async (trx) => {
    const kept = await trx
      .updateTable('accounts')
      .set({ erasing: null, updated: now })
      .where('id', '=', account)
      .where('erasing', 'is not', null)
      .returning('id')
      .executeTakeFirst()
    if (kept) await writeDown(trx, viewer, { action: 'account.kept', subject: `accounts:${account}` })
  })
}

const ownOf = (viewer: Viewer): string => {
  if (viewer.account === null || !mayOwn(viewer, viewer.account))
    throw new Refusal('forbidden', 'refusal.forbidden')
  return viewer.account
}
