import { sql } from 'kysely'
import { mailLanguage, type MessageKey, type MessageParams } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'

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
  /** Of whoever reads it; a story may be told in one that has no mails. */
  language?: string
  /** "answer" to somebody's own press goes at once; of "notice" nobody gets more than one a day. */
  urgency: 'answer' | 'notice'
  due?: Date
  useless?: Date
  replyTo?: string
  calendar?: string
}

/** Queues a mail in the caller's transaction; it goes out when that commits: the table of mails is the queue, and the worker looks into it all the time. Idempotent by key. */
export async function queueMail(db: Db, mail: NewMail): Promise<void> {
  await db
    .insertInto('mails')
    .values({
      key: mail.key,
      address: mail.address.toLowerCase(),
      name: mail.name,
      params: JSON.stringify(mail.params),
      language: mailLanguage(mail.language ?? 'en'),
      urgency: mail.urgency,
      due: mail.due ?? new Date(),
      useless: mail.useless ?? null,
      replyTo: mail.replyTo ?? null,
      calendar: mail.calendar ?? null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** Answers whether a mail with this key was queued before, so that no link is made for nothing. */
export const isQueued = async (db: Db, key: string): Promise<boolean> =>
  (await db.selectFrom('mails').select('id').where('key', '=', key).executeTakeFirst()) !== undefined

/** Mails that nobody has in hand yet. */
const unsent = (db: Db) => db.selectFrom('mails').where('state', '=', 'waiting').where('hand', 'is', null)

/** Answers whether a mail of this name still waits to be sent to an address: it will say as much as another. */
export const isWaitingFor = async (
  db: Db,
  { name, address }: { name: MailName; address: string },
): Promise<boolean> =>
  (await unsent(db)
    .select('id')
    .where('name', '=', name)
    .where('address', '=', address.toLowerCase())
    .executeTakeFirst()) !== undefined

/** Takes back all mails of a name that still wait to be sent, because what they say is not so any more. */
export async function takeBackMails(db: Db, name: MailName): Promise<void> {
  await db
    .deleteFrom('mails')
    .where('id', 'in', unsent(db).select('id').where('name', '=', name))
    .execute()
}

/** Forgets all mails to an address, sent or waiting, because whoever it belongs to has asked to be erased. */
export async function forgetMailsTo(db: Db, address: string): Promise<void> {
  await db.deleteFrom('mails').where('address', '=', address).execute()
}

/** Forgets all mails whose key has one of these ids behind its first colon, sent or waiting: what they were about is erased. Answers which. */
export async function forgetMailsOf(db: Db, about: readonly string[]): Promise<string[]> {
  const gone = await sql<{ id: string }>`
    delete from mails where split_part(key, ':', 2) = any(${about}::text[]) returning id`.execute(db)
  return gone.rows.map(({ id }) => id)
}
