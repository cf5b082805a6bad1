import { simpleParser, type ParsedMail } from 'mailparser'
import { codeInBox } from '#letters/server/codes.ts'
import { keepMail, type KeptSort } from '#letters/server/writes/kept-mails.ts'
import { returnDelivery } from '#letters/server/writes/returned.ts'
import type { Config } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { readMailbox, type Verdict } from '#platform/server/mailbox.ts'
import type { Task } from '#platform/server/queue.ts'

/** What a mail to the address of a delivery is: it came back (with a status of RFC 3463, or in plain words that name none), the server only says how it fares, or it is for a person, whatever it is. */
export type Back =
  | { sort: 'returned'; code: string; status: string | null }
  | { sort: 'notice'; code: string }
  | { sort: KeptSort; code: string | null; domain: string | null }

/** Makes the task that reads what came back, from the mailbox of IMAP_URL. A mail that came back settles its delivery and is deleted, since the letter stands in it. One in plain words counts as for now the first time, and as for good when the letter comes back so again. Everything else stays where it is, and the desk is told that it is there: what somebody wrote, what a machine answered, what nobody understood. Runs twice without harm. */
export const readReturned =
  (config: Pick<Config, 'imapUrl'>): Task =>
  async (db, _payload, now) => {
    await readMailbox(config, 'reply+', (raw) => settle(db, raw, now))
  }

async function settle(db: Db, raw: Buffer, now: Date): Promise<Verdict> {
  const back = await readBack(raw)
  if (back.sort === 'notice') return 'delete'
  return inTransaction(db, async (trx) => {
    const row =
      back.code === null
        ? undefined
        : await trx
            .selectFrom('deliveries')
            .select(['id', 'state'])
            .where('code', '=', back.code)
            .executeTakeFirst()
    if (back.sort !== 'returned') {
      await keepMail(trx, { ...back, raw, delivery: row?.id ?? null }, now)
      return 'keep'
    }
    if (!row) return 'delete'
    const status = back.status ?? (await statusOfPlain(trx, row))
    return (await returnDelivery(trx, row.id, { status }, now)) ? 'delete' : 'later'
  })
}

/** For now; and for good when the letter went once more and came back so again. */
async function statusOfPlain(trx: Trx, row: { id: string; state: string }): Promise<string> {
  if (row.state === 'bounced-soft') return plain
  const before = await trx
    .selectFrom('deliveryEvents')
    .select('id')
    .where('delivery', '=', row.id)
    .where('state', '=', 'bounced-soft')
    .where('note', '=', plain)
    .executeTakeFirst()
  return before ? '5.0.0' : plain
}

const plain = '4.0.0'

/** Answers what a mail to an address of ours is; its code is null when the address is not one that this site made. */
export async function readBack(raw: Buffer): Promise<Back> {
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
  const domain = mail.from?.value[0]?.address?.split('@').at(-1)?.toLowerCase().slice(0, 253) ?? null
  if (code === null) return { code, domain, sort: 'unclear' }
  const report = mail.attachments.find(({ contentType }) =>
    /^message\/(global-)?delivery-status$/.test(contentType),
  )
  if (report) return readReport(code, report.content.toString('latin1'))
  const daemon = isFromDaemon(mail)
  if (daemon && saysReturned(mail)) return { code, sort: 'returned', status: null }
  if (daemon) return { code, domain, sort: 'unclear' }
  return { code, domain, sort: answersByItself(mail) ? 'by-itself' : 'written' }
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

const head = (mail: ParsedMail, name: string): string =>
  mail.headerLines.find(({ key }) => key === name)?.line ?? ''

/** Sent by a mail server itself, to which nobody answers. */
const isFromDaemon = (mail: ParsedMail): boolean =>
  /:\s*<>\s*$/.test(head(mail, 'return-path')) ||
  head(mail, 'x-failed-recipients') !== '' ||
  /^(mailer-daemon|postmaster)@/i.test(mail.from?.value[0]?.address ?? '')

/** How servers without reports (RFC 3464) say that a mail was not delivered; and that they are still trying. */
const returned =
  /undeliver|(not|n't) (be )?deliver|deliver(y|ed) (has )?(failed|failure)|failure notice|returned (mail|to sender)|user unknown|unknown (user|recipient|address)|no such (user|mailbox|address|recipient)|mailbox (is )?(full|unavailable)|address (rejected|not found)|does not exist|\b5\.\d{1,3}\.\d{1,3}\b|\b55[0-4][ -]/i
const stillTrying =
  /not yet been delivered|delayed|still (being )?(try|retri)|will (continue|keep|retry|try)/i

function saysReturned(mail: ParsedMail): boolean {
  const words = `${mail.subject ?? ''}\n${(mail.text ?? '').slice(0, 2000)}`
  return head(mail, 'x-failed-recipients') !== '' || (returned.test(words) && !stillTrying.test(words))
}

const answersByItself = (mail: ParsedMail): boolean =>
  /:\s*auto-(replied|generated|notified)/i.test(head(mail, 'auto-submitted')) ||
  /:\s*(auto_reply|bulk|junk|list)/i.test(head(mail, 'precedence')) ||
  ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some((name) => head(mail, name) !== '')
