import { mayReadRecords } from '#desk/may.ts'
import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Config } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'
import {
  countUndelivered,
  listMails,
  readOutboxMail,
  undeliveredMails,
  type MailLine,
  type OpenedMail,
} from '#platform/server/outbox.ts'

/** Answers the newest mails and those that could not be delivered (at most 100 each) with how many these are, without what they say. For those who read the records. */
export async function mailRecords(
  db: Db,
  viewer: Viewer,
): Promise<{ mails: MailLine[]; undelivered: MailLine[]; count: number }> {
  if (!mayReadRecords(viewer)) throw missing()
  const [mails, undelivered, count] = await Promise.all([
    listMails(db),
    undeliveredMails(db),
    countUndelivered(db),
  ])
  return { mails, undelivered, count }
}

/** Answers how many mails could not be delivered; none to whoever does not read the records. */
export const undeliveredCount = async (db: Db, viewer: Viewer): Promise<number> =>
  mayReadRecords(viewer) ? countUndelivered(db) : 0

/** Answers what a mail in the outbox folder says; looks like nothing is there to whoever does not read the records. */
export async function mailInOutbox(config: Config, viewer: Viewer, id: string): Promise<OpenedMail> {
  const mail = mayReadRecords(viewer) ? await readOutboxMail(config, id) : null
  if (mail === null) throw missing()
  return mail
}
