import { mayReadRecords } from '#desk/may.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readConfig } from '#platform/server/config.ts'
import { listMails } from '#platform/server/outbox.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  if (!mayReadRecords(locals.viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
  const mails = await listMails(locals.db, null)
  return {
    folder: readConfig().smtpUrl === null,
    mails: mails.map((mail) => ({
      ...mail,
      due: mail.due.toISOString().slice(0, 16).replace('T', ' '),
      sent: mail.sent?.toISOString().slice(0, 16).replace('T', ' ') ?? '',
    })),
  }
}
