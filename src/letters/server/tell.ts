import { letterLink } from '#letters/server/writes/begin.ts'
import type { MessageParams } from '#kernel/messages.ts'
import type { Db } from '#platform/server/db.ts'
import { queueMail, type MailName } from '#platform/server/mail.ts'

export type Telling = {
  letter: string
  name: MailName
  /** What makes it a different mail from others of the same letter and name. */
  of: string
  params?: MessageParams
  /** The page it leads to, below the letter's own. */
  page?: string
  urgency?: 'answer' | 'notice'
}

/** Queues a mail to the writer of a letter in the caller's transaction, never twice the same; nobody is told when there is no address, or when the letter is erased or somebody's example. */
export async function tellWriter(db: Db, telling: Telling, now: Date): Promise<void> {
  const { letter, name, of, params, page = '', urgency = 'notice' } = telling
  const row = await db
    .selectFrom('letters')
    .select(['email', 'writtenIn'])
    .where('id', '=', letter)
    .where('erased', 'is', null)
    .where('example', '=', false)
    .executeTakeFirst()
  if (!row || row.email === null) return
  const own = letterLink(letter)
  await queueMail(db, {
    // What is told about a letter is found by its id when it is erased.
    key: `${name}:${letter}:${of}`,
    address: row.email,
    name,
    params: { link: own + page, stopLink: own, ...params },
    language: row.writtenIn,
    urgency,
    due: now,
  })
}
