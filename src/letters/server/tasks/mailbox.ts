import { simpleParser, type ParsedMail } from 'mailparser'
import { saysReturned } from '#letters/returned-words.ts'
import { sendingInBox, type Sending } from '#letters/server/codes.ts'
import { keepMail, type KeptSort } from '#letters/server/writes/kept-mails.ts'
import { noteLate, returnDelivery } from '#letters/server/writes/returned.ts'
import type { Config } from '#platform/server/config.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { readMailbox, type Verdict } from '#platform/server/mailbox.ts'
import type { Task } from '#platform/server/queue.ts'

/** What a mail to the address of a delivery is: it came back (with a status of RFC 3463, or in plain words that name none), it is late and their server goes on trying, the server says that it is well on its way, or it is for a person, whatever it is. */
export type Back =
  | { sort: 'returned'; of: Sending; status: string | null }
  | { sort: 'late'; of: Sending }
  | { sort: 'notice'; of: Sending }
  | { sort: KeptSort; of: Sending | null; domain: string | null }

/** Makes the task that reads what came back, from the mailbox of IMAP_URL. A mail that came back settles its delivery and is deleted, since the letter stands in it. One in plain words counts as for now the first time, and as for good when the letter comes back so again. One that says that it is late is written down for its writer, and deleted. One about an earlier sending than the last says nothing about the last, and is deleted. Everything else stays where it is, and the desk is told that it is there: what somebody wrote, what a machine answered, what nobody understood. Runs twice without harm. */
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
      back.of === null
        ? undefined
        : await trx
            .selectFrom('deliveries')
            .select(['id', 'state', 'tries', 'leftUs'])
            .where('code', '=', back.of.code)
            .executeTakeFirst()
    if (back.sort !== 'returned' && back.sort !== 'late') {
      const { sort, domain } = back
      await keepMail(trx, { raw, sort, domain, delivery: row?.id ?? null }, now)
      return 'keep'
    }
    if (!row || row.tries !== back.of.sending) return 'delete'
    if (back.sort === 'late') return (await noteLate(trx, row.id, now)) ? 'delete' : 'later'
    const status = back.status ?? (await statusOfPlain(trx, row))
    return (await returnDelivery(trx, row.id, { status }, now)) ? 'delete' : 'later'
  })
}

/** For now; and for good when the letter went once more and came back so again. */
async function statusOfPlain(
  trx: Trx,
  row: { id: string; state: string; leftUs: Date | null },
): Promise<string> {
  // What came back before it began anew is over.
  if (row.state === 'bounced-soft' || row.leftUs === null) return plain
  const before = await trx
    .selectFrom('deliveryEvents')
    .select('id')
    .where('delivery', '=', row.id)
    .where('state', '=', 'bounced-soft')
    .where('note', '=', plain)
    .where('at', '>=', row.leftUs)
    .executeTakeFirst()
  return before ? '5.0.0' : plain
}

const plain = '4.0.0'

/** Answers what a mail to an address of ours is; what it is of is null when the address is not one that this site made. */
export async function readBack(raw: Buffer): Promise<Back> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  })
  const to = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to']
  const of = sendingInBox(
    mail.headerLines
      .filter(({ key }) => to.includes(key))
      .map(({ line }) => line)
      .join('\n'),
  )
  const domain = mail.from?.value[0]?.address?.split('@').at(-1)?.toLowerCase().slice(0, 253) ?? null
  if (of === null) return { of, domain, sort: 'unclear' }
  const report = mail.attachments.find(({ contentType }) =>
    /^message\/(global-)?delivery-status$/.test(contentType),
  )
  const read = report && readReport(of, report.content.toString('latin1'))
  if (read) return read
  const daemon = report !== undefined || isFromDaemon(mail)
  const words = `${mail.subject ?? ''}\n${(mail.text ?? '').slice(0, 2000)}`
  if (daemon && (head(mail, 'x-failed-recipients') !== '' || saysReturned(words)))
    return { of, sort: 'returned', status: null }
  if (daemon) return { of, domain, sort: 'unclear' }
  return { of, domain, sort: answersByItself(mail) ? 'by-itself' : 'written' }
}

/** The fields of a report about one delivery (RFC 3464); a report about several has one of them that failed. What says neither that it failed nor that it is on its way nobody understands. */
function readReport(of: Sending, words: string): Back | null {
  const blocks = words
    .replaceAll('\r', '')
    .split(/\n\n+/)
    .map((block) => block.replaceAll(/\n[ \t]+/g, ' '))
  const field = (block: string, name: string): string | null =>
    new RegExp(`^${name}:[ \\t]*(.*)`, 'im').exec(block)?.[1]?.toLowerCase() ?? null
  let [onItsWay, late] = [false, false]
  for (const block of blocks) {
    const action = field(block, 'action')?.match(/^\w+/)?.[0] ?? null
    const status = field(block, 'status')
    if (action === 'failed' || (!known.has(action) && status?.startsWith('5'))) {
      return { of, sort: 'returned', status: statusIn(status, field(block, 'diagnostic-code')) }
    }
    if (action === 'delayed') late = true
    if (action !== null && known.has(action)) onItsWay = true
  }
  // While it is only late, their server goes on trying: sent once more it would arrive twice.
  if (late) return { of, sort: 'late' }
  return onItsWay ? { of, sort: 'notice' } : null
}

/** What becomes of a mail in a report, but for its failing. */
const known: ReadonlySet<string | null> = new Set(['delayed', 'delivered', 'relayed', 'expanded'])

/** A status as RFC 3463 has it; of one that is not, as much as is sure. What failed with none has failed for good. */
function statusIn(status: string | null, diagnostic: string | null): string {
  const whole = /^([45])\.\d{1,3}\.\d{1,3}(?!\d)/.exec(status ?? '')
  const said = /\b([45])\.\d{1,3}\.\d{1,3}\b/.exec(diagnostic ?? '')
  if (whole && !(whole[0].endsWith('.0.0') && said?.[1] === whole[1])) return whole[0]
  if (said) return said[0]
  return status?.startsWith('4') ? '4.0.0' : '5.0.0'
}

const head = (mail: ParsedMail, name: string): string =>
  mail.headerLines.find(({ key }) => key === name)?.line ?? ''

/** Sent by a mail server itself, to which nobody answers. */
const isFromDaemon = (mail: ParsedMail): boolean =>
  /:\s*<>\s*$/.test(head(mail, 'return-path')) ||
  head(mail, 'x-failed-recipients') !== '' ||
  /^(mailer-daemon|postmaster)@/i.test(mail.from?.value[0]?.address ?? '')

const answersByItself = (mail: ParsedMail): boolean =>
  /:\s*auto-(replied|generated|notified)/i.test(head(mail, 'auto-submitted')) ||
  /:\s*(auto_reply|bulk|junk|list)/i.test(head(mail, 'precedence')) ||
  ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some((name) => head(mail, name) !== '')
