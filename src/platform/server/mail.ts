import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type Transporter } from 'nodemailer'
import { day, hour, minute } from '#kernel/limits.ts'
import { textIn, type Language, type MessageKey, type MessageParams } from '#kernel/messages.ts'
import type { Config } from '#platform/server/config.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { addJob, idIn, jobFor, type Task } from '#platform/server/queue.ts'
import { siteAddress } from '#platform/server/site-address.ts'

/** The mails there are: every catalogue name `mail.<this>.subject` with its `mail.<this>.text`. */
export type MailName = MessageKey extends infer Key
  ? Key extends `mail.${infer Name}.subject`
    ? Name
    : never
  : never

export type NewMail = {
  /** The same key is never mailed twice. */
  key: string
  address: string
  name: MailName
  params: MessageParams
  language?: string
  /** "answer" to somebody's own press goes at once; of "notice" nobody gets more than one a day. */
  urgency: 'answer' | 'notice'
  due?: Date
  useless?: Date
  replyTo?: string
  calendar?: string
}

/** Queues a mail in the caller's transaction; it goes out when that commits. Idempotent by key. */
export async function queueMail(db: Db, mail: NewMail): Promise<void> {
  const id = randomUUID()
  const added = db
    .insertInto('mails')
    .values({
      id,
      key: mail.key,
      address: mail.address.toLowerCase(),
      name: mail.name,
      params: JSON.stringify(mail.params),
      language: mail.language ?? 'en',
      urgency: mail.urgency,
      due: mail.due ?? new Date(),
      useless: mail.useless ?? null,
      replyTo: mail.replyTo ?? null,
      calendar: mail.calendar ?? null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
  await db
    .with('added', () => added)
    .selectFrom('added')
    .select(jobFor('mail.due', { id }, { key: `mail:${id}`, ...(mail.due && { runAt: mail.due }) }).as('job'))
    .execute()
}

export type Letter = {
  id: string
  from: string
  to: string
  subject: string
  text: string
  replyTo: string | null
  calendar: string | null
}

/** Whatever takes a finished mail away: an SMTP server, or the outbox folder. */
export type Postbox = (letter: Letter) => Promise<void>

/** Addresses that can never belong to anybody (RFC 2606, RFC 6761); the example week's people have them. */
const nobodys = /@(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/

/** Opens the way mails leave by: SMTP_URL when set, otherwise files in DATA_DIR/outbox. */
export function openPostbox(config: Config): Postbox {
  const domain = new URL(siteAddress(config)).hostname
  const message = (letter: Letter) => ({
    from: { name: letter.from, address: `noreply@${domain}` },
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    messageId: `<${letter.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(letter.replyTo && { replyTo: letter.replyTo }),
    ...(letter.calendar && {
      icalEvent: { method: 'PUBLISH', filename: 'activity.ics', content: letter.calendar },
    }),
  })
  if (!config.smtpUrl) {
    const folder = join(config.dataDir, 'outbox')
    const writer = createTransport({ streamTransport: true, buffer: true })
    return async (letter) => {
      await mkdir(folder, { recursive: true })
      const { message: built } = await writer.sendMail(message(letter))
      const file = join(folder, `${letter.id}.eml`)
      await writeFile(`${file}.part`, built, { mode: 0o600 })
      await rename(`${file}.part`, file)
    }
  }
  const transport: Transporter = createTransport({
    url: config.smtpUrl,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
  })
  return async (letter) => {
    if (nobodys.test(letter.to)) return
    await transport.sendMail(message(letter))
  }
}

type Row = {
  id: string
  name: string
  params: unknown
  language: string
  replyTo: string | null
  calendar: string | null
}

const write = (row: Row, siteName: string): { subject: string; text: string } => {
  const text = textIn(row.language as Language)
  const params = { siteName, ...(row.params as MessageParams) }
  return {
    subject: text(`mail.${row.name}.subject` as MessageKey, params),
    text: text(`mail.${row.name}.text` as MessageKey, params),
  }
}

/** Makes the task that sends one due mail. Notices to one address that are due within six hours go out together; when it already had one in the last 24 hours they wait, or are dropped once they are of no use. Runs twice without sending twice. */
export const deliverMail =
  (post: Postbox, nameOfSite: (db: Db) => Promise<string>): Task =>
  async (db, payload, now) => {
    const id = idIn(payload, 'id')
    await inTransaction(db, async (trx) => {
      const mail = await trx
        .selectFrom('mails')
        .selectAll()
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .forUpdate()
        .executeTakeFirst()
      if (!mail) return
      if (mail.useless && mail.useless <= now) return drop(trx, id, 'too late')
      if (mail.due.getTime() > now.getTime() + minute) {
        return addJob(trx, 'mail.due', { id }, { key: `mail:${id}`, runAt: mail.due })
      }
      const together = mail.urgency === 'notice' ? await noticesFor(trx, mail.address, now) : [mail]
      if (mail.urgency === 'notice') {
        const last = await lastNotice(trx, mail.address)
        if (last && now.getTime() - last.getTime() < day) {
          const next = new Date(last.getTime() + day)
          if (mail.useless && mail.useless < next) return drop(trx, id, 'one a day')
          await trx.updateTable('mails').set({ due: next }).where('id', '=', id).execute()
          return addJob(trx, 'mail.due', { id }, { key: `mail:${id}`, runAt: next })
        }
      }
      const siteName = await nameOfSite(trx)
      const parts = together.map((one) => write(one, siteName))
      const first = parts[0] ?? write(mail, siteName)
      const several = textIn(mail.language as Language)('mail.several', { count: parts.length, siteName })
      await post({
        id,
        from: siteName,
        to: mail.address,
        subject: parts.length > 1 ? several : first.subject,
        text:
          parts.length > 1
            ? parts.map((part) => `${part.subject}\n\n${part.text}`).join('\n\n* * *\n\n')
            : first.text,
        replyTo: together.length === 1 ? mail.replyTo : null,
        calendar: together.find((one) => one.calendar)?.calendar ?? null,
      })
      // What a mail said is not kept once it is gone: its links are secrets.
      await trx
        .updateTable('mails')
        .set({ state: 'sent', sent: now, params: '{}', calendar: null })
        .where(
          'id',
          'in',
          together.map((one) => one.id),
        )
        .execute()
    })
  }

const noticesFor = (db: Db, address: string, now: Date) =>
  db
    .selectFrom('mails')
    .selectAll()
    .where('address', '=', address)
    .where('urgency', '=', 'notice')
    .where('state', '=', 'waiting')
    .where('due', '<=', new Date(now.getTime() + 6 * hour))
    .where((on) => on.or([on('useless', 'is', null), on('useless', '>', now)]))
    .orderBy('due')
    .limit(20)
    .forUpdate()
    .execute()

async function lastNotice(db: Db, address: string): Promise<Date | null> {
  const row = await db
    .selectFrom('mails')
    .select((on) => on.fn.max('sent').as('sent'))
    .where('address', '=', address)
    .where('urgency', '=', 'notice')
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return row?.sent ?? null
}

async function drop(db: Db, id: string, problem: string): Promise<void> {
  await db
    .updateTable('mails')
    .set({ state: 'dropped', problem, params: '{}' })
    .where('id', '=', id)
    .execute()
}

/** Forgets all mails to an address, sent or waiting, because whoever it belongs to has asked to be erased. */
export async function forgetMailsTo(db: Db, address: string): Promise<void> {
  await db.deleteFrom('mails').where('address', '=', address).execute()
}
