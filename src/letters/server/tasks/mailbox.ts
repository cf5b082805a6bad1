import { simpleParser, type ParsedMail } from 'mailparser'
import { codeInBox } from '#letters/server/codes.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import type { Config } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { readMailbox, type Verdict } from '#platform/server/mailbox.ts'
import type { Task } from '#platform/server/queue.ts'

/** What a mail to the address of a delivery is: it came back (with a status of RFC 3463), the server only says how it fares, a machine answers by itself, or somebody wrote. */
export type Back =
  | { code: string; sort: 'returned'; status: string }
  | { code: string; sort: 'notice' | 'by-itself' | 'written' }

/** Makes the task that reads what came back, from the mailbox of IMAP_URL. A mail that came back settles its delivery and is deleted, since the letter stands in it; what machines answer by themselves is deleted too, and is no answer. What somebody wrote to that address stays where it is, for a person. Runs twice without harm. */
export const readReturned =
  (config: Pick<Config, 'imapUrl'>): Task =>
  async (db, _payload, now) => {
    await readMailbox(config, 'reply+', (raw) => settle(db, raw, now))
  }

async function settle(db: Db, raw: Buffer, now: Date): Promise<Verdict> {
  const back = await readBack(raw)
  if (back === null || back.sort === 'written') return 'keep'
  if (back.sort !== 'returned') return 'delete'
  const { code, status } = back
  return inTransaction(db, async (trx) => {
    const row = await trx.selectFrom('deliveries').select('id').where('code', '=', code).executeTakeFirst()
    if (!row) return 'delete'
    return (await returnDelivery(trx, row.id, { status }, now)) ? 'delete' : 'later'
  })
}

/** Answers what a mail to an address of ours is; null when the address is not one that this site made. */
export async function readBack(raw: Buffer): Promise<Back | null> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  })
  const to = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to']
  const code = codeInBox(
    mail.headerLines
      .filter(({ key }) => to.includes(key))
      .map(({ line }) => line)
      .join('\n'),
  )
  if (code === null) return null
  const report = mail.attachments.find(({ contentType }) =>
    /^message\/(global-)?delivery-status$/.test(contentType),
  )
  if (report) return readReport(code, report.content.toString('latin1'))
  return { code, sort: answersByItself(mail) ? 'by-itself' : 'written' }
}

/** The fields of a report about one delivery (RFC 3464); a report about several has one of them that failed. */
function readReport(code: string, words: string): Back {
  const blocks = words.replaceAll('\r', '').split(/\n\n+/)
  for (const block of blocks) {
    const action = /^action:\s*(\w+)/im.exec(block)?.[1]?.toLowerCase()
    const status = /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(block)?.[1]
    // While it is only late, their server goes on trying: sent once more it would arrive twice.
    if (action === 'failed') return { code, sort: 'returned', status: status ?? '5.0.0' }
  }
  return { code, sort: 'notice' }
}

function answersByItself(mail: ParsedMail): boolean {
  const head = (name: string): string => mail.headerLines.find(({ key }) => key === name)?.line ?? ''
  return (
    /:\s*auto-(replied|generated|notified)/i.test(head('auto-submitted')) ||
    /:\s*(auto_reply|bulk|junk|list)/i.test(head('precedence')) ||
    /:\s*<>\s*$/.test(head('return-path')) ||
    ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some((name) => head(name) !== '') ||
    /^(mailer-daemon|postmaster)@/i.test(mail.from?.value[0]?.address ?? '')
  )
}
