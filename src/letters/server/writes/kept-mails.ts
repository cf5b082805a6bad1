import { createHash } from 'node:crypto'
import { day } from '#kernel/limits.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { mayLookAfterLetters } from '#letters/may.ts'
import { writeDown } from '#platform/server/audit.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'

/** What a mail is that lies in the mailbox for a person: somebody wrote it, a machine answers by itself, or nobody understands it. */
export type KeptSort = 'written' | 'by-itself' | 'unclear'

/** How long the desk remembers that a mail came. */
const remembered = 90 * day

/** Writes down that a mail lies in the mailbox for a person: to which delivery, from which domain, and nothing that stands in it. Forgets what is older than 90 days. Idempotent. */
export async function keepMail(
  trx: Trx,
  mail: { raw: Buffer; delivery: string | null; sort: KeptSort; domain: string | null },
  now: Date,
): Promise<void> {
  const { raw, delivery, sort, domain } = mail
  await trx
    .deleteFrom('keptMails')
    .where('received', '<', new Date(now.getTime() - remembered))
    .execute()
  const hash = createHash('sha256').update(raw).digest()
  await trx
    .insertInto('keptMails')
    .values({ hash, delivery, sort, domain, received: now })
    .onConflict((on) => on.column('hash').doNothing())
    .execute()
}

/** Says that somebody has dealt with a mail that lay in the mailbox. For those who look after letters. Pressed again, nothing happens. */
export async function dealWithMail(
  db: Db,
  viewer: Viewer,
  input: { mail: string },
  now: Date,
): Promise<void> {
  if (!mayLookAfterLetters(viewer)) throw missing()
  await inTransaction(db, async (trx) => {
    const row = await trx
      .updateTable('keptMails')
      .set({ read: now })
      .where('id', '=', input.mail)
      .where('read', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (row) await writeDown(trx, viewer, { action: 'letters.mail', subject: `kept-mails:${row.id}` })
  })
}
