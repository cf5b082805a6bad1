import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { day } from '#kernel/limits.ts'
import { orGone } from '#platform/server/gone.ts'
import type { Config } from '#platform/server/config.ts'
import type { Db } from '#platform/server/db.ts'

export type MailLine = {
  id: string
  name: string
  address: string
  state: string
  tries: number
  due: Date
  sent: Date | null
  problem: string | null
}

const lines = (db: Db) =>
  db
    .selectFrom('mails')
    .select(['id', 'name', 'address', 'tries', 'due', 'sent', 'problem'])
    .select((on) =>
      on.case().when('hand', 'is not', null).then('sending').else(on.ref('state')).end().as('state'),
    )
    .orderBy('created', 'desc')
    .limit(100)

/** Answers the newest mails (at most 100), without what they say. Who may read them is for the desk to ask. */
export const listMails = (db: Db): Promise<MailLine[]> => lines(db).execute()

/** Mails that a person has to look at: they could not be delivered, or nobody knows whether they were. */
const undelivered = ['failed', 'uncertain'] as const

/** Answers the newest mails that could not be delivered, or of which nobody knows (at most 100), without what they say. */
export const undeliveredMails = (db: Db): Promise<MailLine[]> =>
  lines(db).where('state', 'in', undelivered).execute()

/** Answers how many mails could not be delivered, or may not have been. */
export async function countUndelivered(db: Db): Promise<number> {
  const row = await db
    .selectFrom('mails')
    .select((on) => on.fn.countAll<number>().as('count'))
    .where('state', 'in', undelivered)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Lets mails that could not be delivered (all that there are, or one, which may also be one in doubt) be tried as often as a new one, beginning now. Answers how many. Idempotent. */
export async function tryAgain(db: Db, id: string | null, now: Date): Promise<number> {
  const again = await db
    .updateTable('mails')
    .set({ state: 'waiting', tries: 0, problem: null, due: now })
    // Only whoever looks at it can say of one in doubt that it may come twice.
    .$if(id === null, (query) => query.where('state', '=', 'failed'))
    .$if(id !== null, (query) => query.where('state', 'in', undelivered).where('id', '=', id ?? ''))
    .executeTakeFirst()
  return Number(again.numUpdatedRows)
}

const file = (config: Config, id: string): string => join(config.dataDir, 'outbox', `${id}.eml`)

/** A mail in words: decoded, plain text only. */
export type OpenedMail = { subject: string; to: string; text: string; files: string[] }

/** Answers what a mail in the outbox folder says (of its first 100 kB), decoded and as plain words, or null when it is not there. Who may read it is for the desk to ask. */
export async function readOutboxMail(config: Config, id: string): Promise<OpenedMail | null> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return null
  const opened = await orGone(open(file(config, id)), null)
  if (!opened) return null
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(100_000), 0, 100_000, 0)
    return await openMail(buffer.subarray(0, bytesRead))
  } finally {
    await opened.close()
  }
}

async function openMail(raw: Buffer): Promise<OpenedMail> {
  // Loaded when the first mail is opened: every process would carry it otherwise.
  const { simpleParser } = await import('mailparser')
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true })
  return {
    subject: mail.subject ?? '',
    to: [mail.to ?? []]
      .flat()
      .map((one) => one.text)
      .join(', '),
    text: mail.text?.trim() ?? '',
    files: mail.attachments.flatMap(({ filename }) => filename ?? []),
  }
}

/** Removes outbox files older than 30 days. Answers how many. Idempotent. */
export async function forgetOutbox(config: Config, now: Date): Promise<number> {
  const folder = join(config.dataDir, 'outbox')
  let count = 0
  // The first mail makes the folder.
  for (const name of await orGone(readdir(folder), [])) {
    const path = join(folder, name)
    const { mtime } = await stat(path)
    if (now.getTime() - mtime.getTime() < 30 * day) continue
    await rm(path, { force: true })
    count += 1
  }
  return count
}

/** Removes mails from the outbox folder, because what they were about is erased. Idempotent. */
export async function dropFromOutbox(config: Config, ids: readonly string[]): Promise<void> {
  for (const id of ids) await rm(file(config, id), { force: true })
}
